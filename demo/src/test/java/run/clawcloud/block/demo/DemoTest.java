package run.clawcloud.block.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        return Demo.run(nowhere, new PrintStream(err, true, UTF_8), Map.of(), arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--namespaces=0 | '--namespaces': '0' is not allowed: a whole number from 1 to 1000000",
                "--lock=951 | '--lock': '951' is not allowed: a whole number from 0 to 950",
                "--lock=-1 | '--lock': '-1' is not allowed: a whole number from 0 to 950",
                "--expire=751 | '--expire': '751' is not allowed: a whole number from 0 to 750",
                "--lock=many | '--lock': 'many' is not allowed: a whole number",
                "--timeout=0s | '--timeout': '0s' is not allowed: a whole number from 1",
                "--timeout=soon | '--timeout': 'soon' is not allowed: a whole number from 1 with s, m or h",
                "--output=xml | '--output': expected one of [text, json]",
                "--colour | Unknown option: '--colour'",
            })
    void refusesABadOptionInOneLineThatNamesItTheValueAndWhatIsAllowed(String argument, String message) {
        int status = run(argument);
        assertThat(status).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains(message).hasLineCount(1);
    }

    @Test
    void saysHowToStartIt() {
        int status = run();
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("./block-controller demo").hasLineCount(1);
    }
}
