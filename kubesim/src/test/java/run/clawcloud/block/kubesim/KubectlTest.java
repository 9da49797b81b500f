package run.clawcloud.block.kubesim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import run.clawcloud.block.kubesim.seed.Tenants;

/**
 * The kubectl on the PATH, and those of other versions that stand beside it as {@code kubectl.1.27} and so on, work
 * against the simulated cluster. Skipped where there is none.
 */
class KubectlTest {

    private static final String MANIFEST = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: shop
            spec:
              replicas: 2
              selector: {matchLabels: {app: shop}}
              template:
                metadata: {labels: {app: shop}}
                spec:
                  containers:
                  - name: c
                    image: registry.example.com/shop:1
                    env: [{name: A, value: one}, {name: B, value: two}]
            """;

    private static KubeSim cluster;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        cluster = KubeSim.start(SimOptions.defaults().withTenants(new Tenants(3, 1, 0, Tenants.Workloads.TYPICAL)));
        Files.writeString(directory.resolve("kubeconfig"), cluster.kubeconfig());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** The oldest and the newest version beside the kubectl on the PATH, and that one. */
    static List<Path> kubectls() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path kubectl = Path.of(directory, "kubectl");
            if (Files.isExecutable(kubectl)) {
                found.add(kubectl);
                found.addAll(extremes(kubectl.toRealPath().resolveSibling(".")));
                break;
            }
        }
        return found.isEmpty() ? List.of(Path.of("none")) : found;
    }

    private static List<Path> extremes(Path directory) throws IOException {
        TreeMap<Integer, Path> versions = new TreeMap<>(Comparator.naturalOrder());
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.getFileName().toString().matches("kubectl\\.1\\.\\d+"))
                    .forEach(file -> versions.put(
                            Integer.valueOf(file.getFileName().toString().substring("kubectl.1.".length())), file));
        }
        return versions.isEmpty()
                ? List.of()
                : List.of(versions.firstEntry().getValue(), versions.lastEntry().getValue());
    }

    private record Result(int status, String output) {}

    private static Result run(Path kubectl, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                kubectl.toString(),
                "--kubeconfig",
                directory.resolve("kubeconfig").toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), output);
    }

    private static String ok(Path kubectl, String... args) throws IOException, InterruptedException {
        Result result = run(kubectl, args);
        assertThat(result.status())
                .as("%s %s: %s", kubectl.getFileName(), String.join(" ", args), result.output())
                .isZero();
        return result.output();
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void doesItsEverydayWork(Path kubectl) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(kubectl), "skipped: there is no kubectl on the PATH");
        String namespace = "work-" + kubectl.getFileName().toString().replace('.', '-');
        assertThat(ok(kubectl, "api-resources")).contains("deployments", "deploy", "apps/v1", "Deployment");
        assertThat(ok(kubectl, "create", "namespace", namespace)).contains("created");
        ok(kubectl, "label", "namespace", namespace, "clawcloud.run/status=active");
        ok(kubectl, "annotate", "namespace", namespace, "k=v");
        assertThat(ok(kubectl, "get", "namespace", namespace, "-o", "yaml"))
                .contains("clawcloud.run/status: active", "k: v", "phase: Active");
        assertThat(ok(kubectl, "get", "ns", "-l", "clawcloud.run/status")).contains("NAME", "STATUS", "AGE", namespace);
        ok(kubectl, "-n", namespace, "create", "deployment", "web", "--image=x", "--replicas=2");
        assertThat(ok(kubectl, "-n", namespace, "rollout", "status", "deployment/web", "--timeout=30s"))
                .contains("successfully rolled out");
        ok(kubectl, "-n", namespace, "scale", "deployment", "web", "--replicas=1");
        assertThat(ok(kubectl, "-n", namespace, "get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("1");
        ok(kubectl, "-n", namespace, "create", "quota", "q", "--hard=configmaps=0");
        Result refused = run(kubectl, "-n", namespace, "create", "configmap", "c");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("exceeded quota: q");
        ok(kubectl, "-n", namespace, "delete", "quota", "q");
        assertThat(ok(kubectl, "-n", namespace, "get", "pods")).contains("READY", "STATUS", "web-");
        ok(kubectl, "-n", namespace, "delete", "deployment", "web");
        ok(kubectl, "describe", "namespace", namespace);
        ok(kubectl, "delete", "namespace", namespace, "--timeout=30s");
        assertThat(run(kubectl, "get", "namespace", namespace).output()).contains("NotFound");
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void appliesOnTheClientSide(Path kubectl) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(kubectl), "skipped: there is no kubectl on the PATH");
        String namespace = "apply-" + kubectl.getFileName().toString().replace('.', '-');
        Path file = directory.resolve("manifest.yaml");
        Files.writeString(file, MANIFEST);
        ok(kubectl, "create", "namespace", namespace);
        assertThat(ok(kubectl, "-n", namespace, "apply", "-f", file.toString())).contains("created");
        assertThat(ok(kubectl, "-n", namespace, "apply", "-f", file.toString())).contains("unchanged");
        Files.writeString(
                file, MANIFEST.replace("one", "three").replace("{name: B, value: two}", "{name: C, value: two}"));
        assertThat(ok(kubectl, "-n", namespace, "apply", "-f", file.toString())).contains("configured");
        assertThat(ok(
                        kubectl,
                        "-n",
                        namespace,
                        "get",
                        "deployment",
                        "shop",
                        "-o",
                        "jsonpath={.spec.template.spec.containers[0].env}"))
                .isEqualTo("[{\"name\":\"A\",\"value\":\"three\"},{\"name\":\"C\",\"value\":\"two\"}]");
        Result serverSide = run(kubectl, "-n", namespace, "apply", "--server-side", "-f", file.toString());
        assertThat(serverSide.status()).isNotZero();
        assertThat(serverSide.output()).contains("kubesim does not do server-side apply");
    }

    @Test
    @Timeout(60)
    void watches() throws IOException, InterruptedException {
        Path kubectl = kubectls().getFirst();
        assumeTrue(Files.isExecutable(kubectl), "skipped: there is no kubectl on the PATH");
        ProcessBuilder builder = new ProcessBuilder(
                        kubectl.toString(),
                        "--kubeconfig",
                        directory.resolve("kubeconfig").toString(),
                        "get",
                        "ns",
                        "tenant-000001",
                        "-w",
                        "-o",
                        "jsonpath={.metadata.labels.seen}{\"\\n\"}")
                .redirectErrorStream(true);
        builder.environment().put("HOME", directory.toString());
        Process process = builder.start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEmpty();
            ok(kubectl, "label", "ns", "tenant-000001", "seen=yes");
            String line = lines.readLine();
            while (line != null && !line.equals("yes")) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo("yes");
        } finally {
            process.destroy();
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void knowsCustomTypes(Path kubectl) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(kubectl), "skipped: there is no kubectl on the PATH");
        String group = kubectl.getFileName().toString() + ".example.com";
        String namespace = "custom-" + kubectl.getFileName().toString().replace('.', '-');
        Path definition = directory.resolve("crd.yaml");
        try (InputStream in = KubectlTest.class.getResourceAsStream("contract/parcels.yaml")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(definition, text.replace("GROUP", group));
        }
        ok(kubectl, "apply", "-f", definition.toString());
        ok(kubectl, "wait", "--for=condition=Established", "crd/parcels." + group, "--timeout=30s");
        ok(kubectl, "create", "namespace", namespace);
        assertThat(ok(kubectl, "api-resources", "--api-group=" + group)).contains("parcels", "pcl", "Parcel");
        assertThat(ok(kubectl, "explain", "parcels." + group + ".spec"))
                .contains("What is to be sent.", "action", "What becomes of it.");

        Path file = directory.resolve("parcel.yaml");
        String parcel = """
                apiVersion: %s/v1
                kind: Parcel
                metadata: {name: one}
                spec: {code: ab, weight: 3}
                """.formatted(group);
        Files.writeString(file, parcel);
        String of = "parcels." + group;
        assertThat(ok(kubectl, "-n", namespace, "apply", "-f", file.toString())).contains("created");
        assertThat(ok(kubectl, "-n", namespace, "apply", "-f", file.toString())).contains("unchanged");
        Files.writeString(file, parcel.replace("ab", "cd"));
        assertThat(ok(kubectl, "-n", namespace, "apply", "-f", file.toString())).contains("configured");
        assertThat(ok(kubectl, "-n", namespace, "get", of)).contains("ACTION", "WEIGHT", "READY", "AGE", "active");
        ok(kubectl, "-n", namespace, "patch", of, "one", "--type=merge", "-p", "{\"spec\":{\"weight\":4}}");
        assertThat(ok(kubectl, "-n", namespace, "get", of, "one", "-o", "jsonpath={.spec.code}{.spec.weight}"))
                .isEqualTo("cd4");

        Files.writeString(file, parcel.replace("weight", "weigth").replace("one", "two"));
        assertThat(run(kubectl, "-n", namespace, "create", "-f", file.toString())
                        .output())
                .contains("unknown field \"spec.weigth\"");
        Files.writeString(file, parcel.replace("weight: 3", "weight: 30").replace("one", "two"));
        assertThat(run(kubectl, "-n", namespace, "create", "-f", file.toString())
                        .output())
                .contains("spec.weight in body should be less than or equal to 10");
        ok(kubectl, "-n", namespace, "delete", of, "one", "--timeout=30s");
        ok(kubectl, "delete", "crd", "parcels." + group, "--timeout=30s");
        ok(kubectl, "delete", "namespace", namespace, "--timeout=30s");
    }
}
