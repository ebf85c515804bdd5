package dev.banyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeConfigTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "$Capacity", "$Timing", "$Limits", "$Rules"})
  @DisplayName("The default has all its parts, whichever class is loaded first")
  void defaultIsWhole(String first) throws Exception {
    URL[] classes = {TreeConfig.class.getProtectionDomain().getCodeSource().getLocation()};
    try (URLClassLoader fresh = new Fresh(classes)) {
      String name = TreeConfig.class.getName();
      Class.forName(name + first, true, fresh);
      Object standard = Class.forName(name, true, fresh).getField("DEFAULT").get(null);
      for (var part : standard.getClass().getRecordComponents()) {
        assertThat(part.getAccessor().invoke(standard)).as(part.getName()).isNotNull();
      }
    }
  }

  /// Initialises our own classes once more.
  private static final class Fresh extends URLClassLoader {
    Fresh(URL[] urls) {
      super(urls, TreeConfigTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(TreeConfig.class.getPackageName() + ".")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }
}
