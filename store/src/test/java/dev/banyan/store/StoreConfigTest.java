package dev.banyan.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreConfigTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "$Fetching", "$Resyncing"})
  @DisplayName("The default has all its parts, whichever class is loaded first")
  void defaultIsWhole(String first) throws Exception {
    URL[] classes = {StoreConfig.class.getProtectionDomain().getCodeSource().getLocation()};
    try (URLClassLoader fresh = new Fresh(classes)) {
      String name = StoreConfig.class.getName();
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
      super(urls, StoreConfigTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(StoreConfig.class.getPackageName() + ".")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }
}
