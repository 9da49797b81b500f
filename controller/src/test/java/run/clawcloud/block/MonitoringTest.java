package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Documentation, rules and dashboard speak of the metrics that there are, and Prometheus takes them all. */
class MonitoringTest {

    private static final Path DOCUMENTATION = Path.of("../docs/operate.md");
    private static final Path MONITORING = Path.of("../deploy/chart/monitoring");
    private static final Path RULES = MONITORING.resolve("rules.yaml");
    private static final Path DASHBOARD = MONITORING.resolve("dashboard.json");
    private static final Path RULES_TEST = Path.of("src/test/resources/monitoring/rules-test.yaml");

    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** {@code | `name` | `label`, `label` or – | meaning |}. */
    private static final Pattern DOCUMENTED =
            Pattern.compile("\\| `(block_controller_[a-z0-9_]+)` \\| ([^|]+) \\| [^|]+ \\|");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** What is no name of a series: strings, matchers, ranges, and labels that are grouped by. */
    private static final Pattern NO_NAMES = Pattern.compile(
            "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring|group_left|group_right) *\\([^)]*\\)");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w| *\\()");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");

    private static MetricsPage page = new MetricsPage("");

    /** What is served while a namespace is locked, so that there is something to tell. */
    @BeforeAll
    static void read() throws Exception {
        int port = FreePort.next();
        try (TestCluster cluster = TestCluster.openWithRequests();
                BlockController _ = TestController.start(cluster, "--metrics-bind-address=127.0.0.1:" + port)) {
            Tenant tenant = cluster.tenant();
            tenant.status("locked");
            tenant.awaitLocked();
            Eventually.holds(() -> {
                page = MetricsPage.read(port);
                return page.value("expiring_24h") >= 0 && page.value("next_expiry_timestamp_seconds") > 0;
            });
        }
    }

    @Test
    void prometheusFindsNothingWrongWithTheMetrics(@TempDir Path directory) throws Exception {
        Path served = Files.writeString(directory.resolve("metrics"), page.text());
        assertThat(Promtool.run(served, "check", "metrics")).isEqualTo(new Promtool.Result(0, ""));
    }

    @Test
    void eachMetricIsDocumentedWithItsLabels() throws Exception {
        SortedMap<String, Set<String>> documented = new TreeMap<>();
        DOCUMENTED.matcher(Files.readString(DOCUMENTATION)).results().forEach(row -> {
            Set<String> labels = new TreeSet<>();
            CODE.matcher(row.group(2)).results().forEach(label -> labels.add(label.group(1)));
            documented.put(row.group(1), labels);
        });
        SortedMap<String, Set<String>> served = new TreeMap<>();
        page.types().keySet().stream()
                .filter(name -> !name.startsWith("jvm_") && !name.startsWith("process_"))
                .forEach(name -> served.put(name, page.labels(name)));
        assertThat(documented).isEqualTo(served);
    }

    @Test
    void prometheusTakesTheRules() throws Exception {
        assertThat(Promtool.run(RULES, "check", "rules", RULES.toString()))
                .returns(0, Promtool.Result::status)
                .satisfies(result -> assertThat(result.output()).contains("SUCCESS"));
    }

    /** Each alert fires when it should, and none while all is well. */
    @Test
    void theRulesDoWhatTheirTestsSay() throws Exception {
        Promtool.Result result = Promtool.run(RULES_TEST, "test", "rules", RULES_TEST.toString());
        assertThat(result.status()).as("%s", result.output()).isZero();
    }

    @Test
    void eachRuleIsTested() {
        List<JsonNode> tests = items(read(RULES_TEST).path("tests"));
        Set<String> fire = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        tests.stream()
                .flatMap(test -> items(test.path("alert_rule_test")).stream())
                .forEach(alert -> (alert.path("exp_alerts").isEmpty() ? quiet : fire)
                        .add(alert.path("alertname").asString("")));
        assertThat(fire).isEqualTo(alerts().keySet());
        assertThat(quiet).isEqualTo(alerts().keySet());
        String expressions = tests.stream()
                .flatMap(test -> items(test.path("promql_expr_test")).stream())
                .map(test -> test.path("expr").asString(""))
                .collect(Collectors.joining("\n"));
        assertThat(recorded()).isNotEmpty().allMatch(expressions::contains);
    }

    /** In the order of the file, with what each means at the head, and where it says so. */
    @Test
    void eachAlertIsDocumented() throws Exception {
        List<String> documented = Pattern.compile("(?m)^### (BlockController\\w+)\n\n\\*(critical|warning|info): ")
                .matcher(Files.readString(DOCUMENTATION))
                .results()
                .map(alert -> alert.group(1) + " " + alert.group(2))
                .toList();
        assertThat(documented)
                .isEqualTo(rules().filter(rule -> rule.has("alert"))
                        .map(rule -> rule.path("alert").asString("") + " "
                                + rule.at("/labels/severity").asString(""))
                        .toList());
        assertThat(rules().filter(rule -> rule.has("alert")))
                .allSatisfy(rule -> assertThat(rule.at("/annotations/runbook").asString(""))
                        .isEqualTo("docs/operate.md#"
                                + rule.path("alert").asString("").toLowerCase(Locale.ROOT)));
    }

    @Test
    void prometheusTakesTheExpressionsOfTheDashboard(@TempDir Path directory) throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        List<String> expressions = shown();
        for (int i = 0; i < expressions.size(); i++) {
            rules.append("  - record: dashboard:").append(i).append("\n    expr: |-\n      ");
            // Of Grafana's variables, the one that is left.
            rules.append(expressions.get(i).replace("$__rate_interval", "5m")).append('\n');
        }
        Path file = Files.writeString(directory.resolve("dashboard.yaml"), rules);
        Promtool.Result result = Promtool.run(file, "check", "rules", file.toString());
        assertThat(result.status()).as("%s", result.output()).isZero();
        assertThat(result.output()).contains("SUCCESS: " + expressions.size() + " rules found");
    }

    @Test
    void rulesAndDashboardReadOnlyWhatIsServed() {
        Set<String> there = new TreeSet<>(page.names());
        there.addAll(recorded());
        List<String> expressions = new ArrayList<>(shown());
        rules().forEach(rule -> expressions.add(rule.path("expr").asString("")));
        assertThat(expressions)
                .hasSizeGreaterThan(40)
                .allSatisfy(expression -> assertThat(names(expression))
                        .as("%s", expression)
                        .isNotEmpty()
                        .isSubsetOf(there));
    }

    /** What a platform team looks for first. */
    @Test
    void theDashboardShowsMemoryRequestsLatencySuccessThreadsStatesExpiryAndLeadership() {
        assertThat(shown().stream().flatMap(expression -> names(expression).stream()))
                .contains(
                        "block_controller_memory_bytes",
                        "block_controller_memory_limit_bytes",
                        "block_controller_api_requests_total",
                        "block_controller_lock_latency_seconds_bucket",
                        "block_controller_reconcile_total",
                        "block_controller_threads",
                        "block_controller_namespaces",
                        "block_controller_expiring_24h",
                        "block_controller_next_expiry_timestamp_seconds",
                        "block_controller_leader");
    }

    /** The expressions of the dashboard. */
    private static List<String> shown() {
        try {
            return items(JSON.readTree(Files.readString(DASHBOARD)).path("panels")).stream()
                    .flatMap(panel -> items(panel.path("targets")).stream())
                    .map(target -> target.path("expr").asString(""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> rules() {
        return items(read(RULES).path("groups")).stream().flatMap(group -> items(group.path("rules")).stream());
    }

    /** By name. */
    private static SortedMap<String, JsonNode> alerts() {
        SortedMap<String, JsonNode> alerts = new TreeMap<>();
        rules().filter(rule -> rule.has("alert"))
                .forEach(rule -> alerts.put(rule.path("alert").asString(""), rule));
        return alerts;
    }

    private static Set<String> recorded() {
        return rules().filter(rule -> rule.has("record"))
                .map(rule -> rule.path("record").asString(""))
                .collect(Collectors.toSet());
    }

    private static Set<String> names(String expression) {
        return NAME.matcher(NO_NAMES.matcher(expression).replaceAll(" "))
                .results()
                .map(name -> name.group())
                .filter(name -> !OPERATORS.contains(name))
                .collect(Collectors.toSet());
    }

    private static JsonNode read(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> items(JsonNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }
}
