package dev.banyan.node.enclave;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Guards this process's memory from other processes of the same account, as far as a stock Linux does, and says of each guard whether it is there.
/// Nothing of it keeps root out, or who controls the machine.
public final class Hardening {

  /// Of tests that look into an enclave's memory alone, to show that they would find something.
  static final String LEFT_OPEN = "banyan.test.enclaveLeftOpen";

  // linux/prctl.h, bits/resource.h, bits/mman.h.
  private static final int PR_SET_DUMPABLE = 4;
  private static final int RLIMIT_CORE = 4;
  private static final int RLIMIT_MEMLOCK = 8;
  private static final long RLIM_INFINITY = -1;
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4;

  private static final Linker LINKER = Linker.nativeLinker();

  private Hardening() {}

  /// To be called before anything secret is read.
  ///
  /// @return a line for each guard: that it is there, or why not
  public static List<String> apply() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return List.of("enclave: nothing guards the memory of this process on this system");
    }
    List<String> lines = new ArrayList<>();
    try {
      if (Boolean.getBoolean(LEFT_OPEN)) {
        lines.add("enclave: its memory is left open, for a test");
      } else {
        lines.add(
            setDumpable(0)
                ? "enclave: no process of this account reads its memory (not dumpable)"
                : "enclave: other processes of this account can read its memory: prctl was refused");
      }
      lines.add(
          setLimit(RLIMIT_CORE, 0)
              ? "enclave: no core dumps"
              : "enclave: it may leave core dumps: setrlimit was refused");
      lines.add(
          isMemoryLocked()
              ? "enclave: its memory is never swapped"
              : "enclave: its memory may be swapped: allow it to lock memory (ulimit -l unlimited), or encrypt swap");
    } catch (Throwable e) { // As a method handle declares it.
      lines.add(
          "enclave: this JVM calls no functions of the system, nothing else is guarded: " + e);
    }
    lines.add(
        refusesAttach()
            ? "enclave: no debugger attaches"
            : "enclave: a debugger of this account may attach: start it with ./banyan, or with"
                + " -XX:+DisableAttachMechanism");
    return lines;
  }

  private static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment at = SymbolLookup.loaderLookup().or(LINKER.defaultLookup()).findOrThrow(name);
    return LINKER.downcallHandle(at, type, options);
  }

  private static boolean setDumpable(long value) throws Throwable {
    MethodHandle prctl =
        function(
            "prctl",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    return (int) prctl.invokeExact(PR_SET_DUMPABLE, value, 0L, 0L, 0L) == 0;
  }

  private static final FunctionDescriptor OF_LIMIT =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);

  private static boolean setLimit(int which, long value) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(ValueLayout.JAVA_LONG, 2);
      limits.setAtIndex(ValueLayout.JAVA_LONG, 0, value);
      limits.setAtIndex(ValueLayout.JAVA_LONG, 1, value);
      return (int) function("setrlimit", OF_LIMIT).invokeExact(which, limits) == 0;
    }
  }

  /// Only where there is no limit: with one, the JVM would run out of memory that it may have.
  private static boolean isMemoryLocked() throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(ValueLayout.JAVA_LONG, 2);
      if ((int) function("getrlimit", OF_LIMIT).invokeExact(RLIMIT_MEMLOCK, limits) != 0
          || limits.getAtIndex(ValueLayout.JAVA_LONG, 0) != RLIM_INFINITY) {
        return false;
      }
    }
    MethodHandle mlockall =
        function("mlockall", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    return (int) mlockall.invokeExact(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
  }

  private static boolean refusesAttach() {
    try {
      String command = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
      return command.contains("\0-XX:+DisableAttachMechanism\0");
    } catch (IOException e) {
      return false;
    }
  }
}
