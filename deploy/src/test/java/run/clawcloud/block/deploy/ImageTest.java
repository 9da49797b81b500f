package run.clawcloud.block.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image starts the controller as the launcher does. */
class ImageTest {

    private static final Pattern FLAGS = Pattern.compile("readonly CONTROLLER_(?:FLAGS|TLS)=\"([^\"]*)\"");

    @Test
    void theFlagsAreThoseOfTheLauncher() throws IOException {
        String launcher = Files.readString(Path.of("../block-controller")).replace("\\\n", "");
        List<String> flags = FLAGS.matcher(launcher)
                .results()
                .flatMap(found -> Pattern.compile(" +").splitAsStream(found.group(1)))
                .toList();
        assertThat(flags).contains("-XX:+UseSerialGC").anyMatch(flag -> flag.startsWith("-Djdk.tls."));
        assertThat(Files.readAllLines(Path.of("jvm.options"))).containsAll(flags);
    }
}
