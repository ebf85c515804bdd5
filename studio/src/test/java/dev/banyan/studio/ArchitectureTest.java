package dev.banyan.studio;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.banyan.store.worker.Worker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of the house: which module may see which, and what the core may never touch.
///
/// The core (`filter`, `protocol`, `capsule`, `trust` but for its files, `store`) runs unchanged over TCP and in the simulator, and two
/// runs of one seed must be identical. Each rule names what to use instead.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {

  private static final String[] CORE = {
    "dev.banyan.filter..",
    "dev.banyan.protocol..",
    "dev.banyan.capsule..",
    "dev.banyan.trust",
    "dev.banyan.store.."
  };
  private static final String[] ORDERED = {
    "dev.banyan.protocol..", "dev.banyan.capsule..", "dev.banyan.trust", "dev.banyan.store.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(location -> !location.contains("jmh_generated"))
          .importPackages("dev.banyan");

  /// Each module with everything it may see: what it depends on, and what those depend on.
  static Stream<Arguments> modules() {
    return Stream.of(
        Arguments.of("filter", List.of()),
        Arguments.of("protocol", List.of("filter")),
        Arguments.of("capsule", List.of()),
        Arguments.of("wire", List.of("filter", "protocol", "capsule")),
        Arguments.of("transport", List.of("filter", "protocol", "capsule", "wire")),
        Arguments.of("trust", List.of("capsule")),
        Arguments.of(
            "host", List.of("filter", "protocol", "wire", "transport", "capsule", "trust")),
        Arguments.of("store", List.of("filter", "protocol", "capsule")),
        Arguments.of("lambda", List.of("filter", "protocol", "capsule", "store")),
        Arguments.of("client", List.of()),
        Arguments.of(
            "node",
            List.of(
                "filter", "protocol", "wire", "transport", "capsule", "trust", "host", "store")),
        Arguments.of(
            "embedded",
            List.of(
                "filter", "protocol", "wire", "transport", "capsule", "store", "node", "client")),
        Arguments.of(
            "cli",
            List.of(
                "filter",
                "protocol",
                "wire",
                "transport",
                "capsule",
                "trust",
                "host",
                "store",
                "node",
                "client")),
        Arguments.of("sim", List.of("filter", "protocol", "wire", "capsule", "store", "lambda")),
        Arguments.of(
            "lab", List.of("filter", "protocol", "wire", "capsule", "store", "lambda", "sim")),
        Arguments.of(
            "bench",
            List.of(
                "filter",
                "protocol",
                "wire",
                "transport",
                "capsule",
                "trust",
                "store",
                "lambda",
                "sim",
                "lab")),
        Arguments.of(
            "studio",
            List.of(
                "filter",
                "protocol",
                "wire",
                "transport",
                "capsule",
                "trust",
                "host",
                "store",
                "lambda",
                "node",
                "client",
                "cli",
                "sim",
                "lab",
                "bench")));
  }

  @ParameterizedTest(name = "{0} sees only {1} of our modules")
  @MethodSource("modules")
  void a_module_sees_only_the_modules_below_it(String module, List<String> below) {
    String[] others =
        modules()
            .map(arguments -> (String) arguments.get()[0])
            .filter(other -> !other.equals(module) && !below.contains(other))
            .map(other -> "dev.banyan." + other + "..")
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.banyan." + module + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others)
            .because(
                "modules depend only downward; move the shared type into the lowest module that"
                    + " needs it, or hand it in through an interface there"));
  }

  @Test
  void what_nodes_and_stores_speak_does_not_depend_on_how_they_work() {
    for (String module : List.of("dev.banyan.protocol", "dev.banyan.store")) {
      check(
          noClasses()
              .that()
              .resideInAPackage(module)
              .should()
              .dependOnClassesThat()
              .resideInAPackage(module + ".*..")
              .because("it is the vocabulary of all others"));
    }
  }

  @Test
  void others_see_of_the_protocol_its_vocabulary_and_the_node() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.banyan.protocol..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.banyan.protocol.*..")
                    .and(not(resideInAPackage("dev.banyan.protocol.tree.."))))
            .because("how a node works is its own affair: events, effects and views say enough"));
  }

  @Test
  void the_store_knows_the_node_by_its_events_and_upcalls_alone() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.banyan.store..")
            .and(not(equivalentTo(Worker.class)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.banyan.protocol.*..")
            .because(
                "the store and the node may be in two processes, and only a worker has both in one:"
                    + " send the node an event, or have it say by an upcall what must be known"));
  }

  @Test
  void a_host_reads_nothing_secret() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.banyan.host..")
            .should()
            .dependOnClassesThat(
                named(
                        "dev\\.banyan\\.capsule\\.(SigningKey|GroupSecrets?|BatchKey|Sealer|Opener|Envelopes|Release|Plain)")
                    .or(
                        named(
                            "dev\\.banyan\\.trust\\.(NodeIdentity|MemberKeys|OperatorKey|ServiceKey|LockedSecret|Token|Admission)"))
                    .or(resideInAPackage("dev.banyan.trust.files.."))
                    .or(resideInAPackage("dev.banyan.trust.service..")))
            .because(
                "a worker's host is for ciphertext alone: have the enclave do it, and say by the seam what is not secret"));
  }

  @Test
  void every_class_lives_in_a_module() {
    List<String> known = modules().map(arguments -> "dev.banyan." + arguments.get()[0]).toList();
    check(
        noClasses()
            .should(
                be(
                    describe(
                        "outside every module's package",
                        (JavaClass type) ->
                            known.stream()
                                .noneMatch(
                                    name -> (type.getPackageName() + ".").startsWith(name + ".")))))
            .because("a new module is added to the table in this test, with what it may see"));
  }

  @Test
  void packages_of_a_module_form_no_circle() {
    SlicesRuleDefinition.slices()
        .matching("dev.banyan.(**)")
        .should()
        .beFreeOfCycles()
        .because(
            "a circle of packages is one package with several names: cut it by a type below both")
        .check(CLASSES);
  }

  /// But for the client's: whoever programs against it sees no other module, and wants the plain words.
  @Test
  void one_class_one_name() {
    Map<String, List<String>> places = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      if (type.isTopLevelClass()
          && !type.getSimpleName().equals("package-info")
          && !type.getPackageName().equals("dev.banyan.client")) {
        places.computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>()).add(type.getName());
      }
    }
    places.values().removeIf(names -> names.size() == 1);
    assertThat(places).as("names that several classes have: rename all but one").isEmpty();
  }

  @Test
  void the_core_has_no_threads() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat(
                assignableTo(Thread.class)
                    .or(assignableTo(ThreadLocal.class))
                    .or(equivalentTo(java.util.Timer.class))
                    .or(
                        resideInAPackage("java.util.concurrent..")
                            .and(not(equivalentTo(TimeUnit.class))))
                    .as("are threads, locks, executors or concurrent collections"))
            .because(
                "the core is single-threaded: one event in, effects out; set a timer by an effect"
                    + " and leave threads to transport"));
  }

  @Test
  void the_core_has_no_sockets_and_no_files() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat(
                resideInAPackage("java.net..")
                    .or(resideInAPackage("java.nio.file.."))
                    .or(resideInAPackage("java.nio.channels.."))
                    .or(named("java\\.io\\.(File.*|RandomAccessFile)"))
                    .as("are sockets or files"))
            .because(
                "the core talks through effects (send, open link, close link); addresses are plain"
                    + " strings there, and storage is an interface that is handed in"));
  }

  @Test
  void the_core_has_no_wall_clock() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .accessTargetWhere(
                calls(System.class, "currentTimeMillis", "nanoTime")
                    .or(
                        describe(
                            "a current time of java.time",
                            access ->
                                ownerIn(access, "java.time")
                                    && (access.getTarget().getName().equals("now")
                                        || access.getTarget().getName().startsWith("system")
                                        || access.getTarget().getName().startsWith("tick"))))
                    .or(constructs(java.util.Date.class, 0)))
            .because("time is an argument: use the nowNanos handed to handle(event, nowNanos)"));
  }

  @Test
  void the_core_has_no_randomness_of_its_own() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(CORE)
            // Hands the JDK a secret as its randomness: it tells the public key of no other.
            .and(not(named("dev\\.banyan\\.capsule\\.Ed25519(\\$Fixed)?")))
            .should()
            .accessTargetWhere(
                calls(Math.class, "random")
                    .or(calls(StrictMath.class, "random"))
                    .or(calls(java.util.UUID.class, "randomUUID"))
                    .or(calls(System.class, "identityHashCode"))
                    .or(calls(RandomGenerator.class, "getDefault", "of"))
                    .or(calls(java.util.random.RandomGeneratorFactory.class, "getDefault"))
                    .or(
                        callsWithArguments(
                            java.util.random.RandomGeneratorFactory.class, "create", 0))
                    .or(callsWithArguments(java.util.Collections.class, "shuffle", 1))
                    .or(constructs(java.util.Random.class, 0))
                    .or(constructs(java.util.SplittableRandom.class, 0)))
            .orShould()
            .dependOnClassesThat(
                named(
                    "java\\.security\\.SecureRandom|java\\.util\\.concurrent\\.ThreadLocalRandom"))
            .because(
                "everything follows one seed: use the seeded RandomGenerator that is handed in"));
  }

  @Test
  void protocol_and_store_iterate_in_a_defined_order() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ORDERED)
            .should()
            .dependOnClassesThat(
                named("java\\.util\\.(HashMap|HashSet|IdentityHashMap|WeakHashMap|Hashtable)"))
            .orShould()
            .accessTargetWhere(
                nonEmpty(Set.class, "of")
                    .or(nonEmpty(Map.class, "of"))
                    .or(calls(Map.class, "ofEntries", "copyOf"))
                    .or(calls(Set.class, "copyOf"))
                    .or(
                        calls(
                            java.util.stream.Collectors.class,
                            "toSet",
                            "toUnmodifiableSet",
                            "toUnmodifiableMap"))
                    .or(callsWithArguments(java.util.stream.Collectors.class, "toMap", 2))
                    .or(callsWithArguments(java.util.stream.Collectors.class, "toMap", 3))
                    .or(callsWithArguments(java.util.stream.Collectors.class, "groupingBy", 1))
                    .or(callsWithArguments(java.util.stream.Collectors.class, "groupingBy", 2)))
            .because(
                "hash order is salted or by identity, and two runs of a seed must be identical:"
                    + " use LinkedHashMap, TreeMap, LinkedHashSet, TreeSet, List.of or arrays"));
  }

  /// The modules that a program has in its own process when it embeds a worker.
  @Test
  void a_program_that_embeds_a_worker_keeps_its_process_to_itself() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "dev.banyan.client..",
                "dev.banyan.embedded..",
                "dev.banyan.node..",
                "dev.banyan.transport..",
                "dev.banyan.wire..",
                "dev.banyan.store..",
                "dev.banyan.protocol..",
                "dev.banyan.filter..")
            .should()
            .accessTargetWhere(
                calls(System.class, "exit", "setProperty", "setOut", "setErr")
                    .or(calls(Runtime.class, "exit", "halt", "addShutdownHook"))
                    .or(calls(Thread.class, "setDefaultUncaughtExceptionHandler")))
            .orShould()
            .dependOnClassesThat(
                named("(jdk\\.internal|sun)\\.misc\\.Signal.*|ch\\.qos\\.logback\\..*"))
            .because("ending processes, signals and logging are the program's, or those of cli"));
  }

  @Test
  void names_say_what_a_class_is() {
    check(
        noClasses()
            .that(not(assignableTo(named("com\\.google\\.protobuf\\..*"))))
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base|Common)")
            .because(
                "such an ending says nothing: name the class for the one thing it knows or does"));
  }

  /// Rules hold for what is there: a module that is still empty breaks none.
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> named(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return describe(
        "are named " + regex.replace("\\.", "."),
        type -> pattern.matcher(type.getBaseComponentType().getName()).matches());
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... methods) {
    return describe(
        owner.getSimpleName() + "." + String.join("/", methods),
        access ->
            access.getTargetOwner().isEquivalentTo(owner)
                && Arrays.asList(methods).contains(access.getTarget().getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> callsWithArguments(
      Class<?> owner, String method, int count) {
    return describe(
        owner.getSimpleName() + "." + method + " with " + count + " arguments",
        access -> calls(owner, method).test(access) && argumentCount(access) == count);
  }

  private static DescribedPredicate<JavaAccess<?>> nonEmpty(Class<?> owner, String method) {
    return describe(
        owner.getSimpleName() + "." + method + " with elements",
        access -> calls(owner, method).test(access) && argumentCount(access) != 0);
  }

  private static DescribedPredicate<JavaAccess<?>> constructs(Class<?> owner, int count) {
    return callsWithArguments(owner, "<init>", count)
        .as("new %s with %d arguments", owner.getSimpleName(), count);
  }

  private static int argumentCount(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        ? target.getRawParameterTypes().size()
        : -1;
  }

  private static boolean ownerIn(JavaAccess<?> access, String packageName) {
    return access.getTargetOwner().getPackageName().equals(packageName);
  }
}
