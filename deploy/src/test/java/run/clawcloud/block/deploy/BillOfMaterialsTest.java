package run.clawcloud.block.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bill of materials is of what is shipped, and the same for each build of the same sources.
 *
 * @see <a href="https://cyclonedx.org/specification/overview/">CycloneDX</a>
 */
class BillOfMaterialsTest {

    private static final Path TARGET = Path.of("../controller/target");
    private static final Path FILE = TARGET.resolve("block-controller.cdx.json");

    private JsonNode bill;

    @BeforeEach
    void read() {
        assumeThat(FILE)
                .as("the controller was packaged, not offline: mvn package")
                .exists();
        bill = JsonMapper.builder().build().readTree(FILE);
    }

    @Test
    void itListsEveryLibraryOfTheImageByItsDigestAndNothingElse() throws Exception {
        SortedMap<String, String> listed = new TreeMap<>();
        for (JsonNode component : bill.path("components")) {
            String name = component.path("name").asString() + "-"
                    + component.path("version").asString() + ".jar";
            listed.put(name, sha256(component));
        }
        SortedMap<String, String> shipped = new TreeMap<>();
        try (Stream<Path> jars = Files.list(TARGET.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                shipped.put(jar.getFileName().toString(), sha256(jar));
            }
        }
        assertThat(shipped).isNotEmpty();
        assertThat(listed).isEqualTo(shipped);
    }

    private static String sha256(JsonNode component) {
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").asString().equals("SHA-256")) {
                return hash.path("content").asString();
            }
        }
        return "none";
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void itIsOfTheControllerAndDoesNotSayWhenItWasMade() {
        assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
        assertThat(bill.at("/metadata/component/name").asString()).isEqualTo("block-controller");
        assertThat(bill.at("/metadata/component/type").asString()).isEqualTo("application");
        assertThat(bill.has("serialNumber")).isFalse();
        assertThat(bill.path("metadata").has("timestamp")).isFalse();
    }

    @Test
    void theImageHasIt() throws IOException {
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("/" + FILE.getFileName() + " /usr/share/doc/");
    }
}
