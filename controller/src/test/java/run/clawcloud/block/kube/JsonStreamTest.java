package run.clawcloud.block.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** JSON of many megabytes, which one parser after the other reads. */
class JsonStreamTest {

    private static final int OBJECTS = 40_000;
    private static final String PADDING = "p\u00e4d ".repeat(100);

    private final AtomicBoolean closed = new AtomicBoolean();

    @Test
    void readsDocumentAfterDocument() {
        StringBuilder text = new StringBuilder(" ");
        for (int i = 0; i < OBJECTS; i++) {
            text.append(object(i)).append(i % 3 == 0 ? "\n" : "");
        }
        List<String> read = new ArrayList<>();
        List<JsonParser> parsers = new ArrayList<>();

        try (JsonStream json = new JsonStream(inPieces(text.toString()))) {
            while (json.nextDocument()) {
                read.add(id(json.parser()));
                if (!parsers.contains(json.parser())) {
                    parsers.add(json.parser());
                }
            }
        }

        assertThat(read).hasSize(OBJECTS).last().isEqualTo("id-" + (OBJECTS - 1));
        assertThat(read).doesNotHaveDuplicates();
        assertThat(parsers).hasSizeGreaterThan(5);
        assertThat(closed).isTrue();
    }

    @Test
    void readsAListOfOnePieceWhereverItsFieldsStand() {
        for (String rest : List.of("}", " , \"after\":{\"x\":[1]}}", ",\"more\":[{\"id\":\"m\"}],\"after\":7}\n")) {
            List<String> fields = new ArrayList<>();
            List<String> read = new ArrayList<>();
            try (JsonStream json = new JsonStream(inPieces("{\"before\":null,\"items\":" + items() + rest))) {
                assertThat(json.nextDocument()).isTrue();
                json.fields((field, value) -> {
                    fields.add(field);
                    if (field.equals("items") || field.equals("more")) {
                        json.elements(item -> read.add(id(item)));
                    } else {
                        value.skipChildren();
                    }
                });
                assertThat(json.nextDocument()).isFalse();
            }
            assertThat(read).startsWith("id-0", "id-1").doesNotHaveDuplicates();
            assertThat(read).hasSize(rest.contains("more") ? OBJECTS + 1 : OBJECTS);
            assertThat(fields).startsWith("before", "items").doesNotContain("");
            assertThat(fields.contains("after")).isEqualTo(rest.contains("after"));
        }
    }

    @Test
    void aListThatIsCutIsAnErrorWhereverItIsCut() {
        String whole = "{\"items\":" + items() + ",\"after\":7}";
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            String cut = whole.substring(0, random.nextInt(whole.length() - 1));
            assertThatThrownBy(() -> readAll(cut)).isInstanceOf(JacksonException.class);
        }
        for (int missing = 1; missing < 15; missing++) {
            String cut = whole.substring(0, whole.length() - missing);
            assertThatThrownBy(() -> readAll(cut)).as("%d", missing).isInstanceOf(JacksonException.class);
        }
        assertThatThrownBy(() -> readAll("{\"items\":" + items() + "]")).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> readAll("{\"items\":" + items() + "5}")).isInstanceOf(JacksonException.class);
        assertThat(readAll(whole)).isEqualTo(OBJECTS);
    }

    @Test
    void closesAStreamThatCannotEvenBeBegun() {
        InputStream broken = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("broken");
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };

        assertThatThrownBy(() -> new JsonStream(broken)).isInstanceOf(JacksonException.class);
        assertThat(closed).isTrue();
    }

    private int readAll(String text) {
        int[] count = {0};
        try (JsonStream json = new JsonStream(inPieces(text))) {
            json.nextDocument();
            json.fields((field, value) -> {
                if (field.equals("items")) {
                    json.elements(item -> {
                        count[0]++;
                        item.skipChildren();
                    });
                }
            });
            assertThat(json.nextDocument()).isFalse();
        }
        return count[0];
    }

    private static String items() {
        StringBuilder items = new StringBuilder("[");
        for (int i = 0; i < OBJECTS; i++) {
            items.append(i == 0 ? "" : i % 3 == 0 ? " , " : ",").append(object(i));
        }
        return items.append(']').toString();
    }

    private static String object(int i) {
        return "{\"id\":\"id-%d\",\"key-%d\":\"%s\"}".formatted(i, i, PADDING);
    }

    private static String id(JsonParser parser) {
        String[] id = {""};
        Json.fields(parser, (field, value) -> {
            if (field.equals("id")) {
                id[0] = value.getString();
            }
        });
        return id[0];
    }

    /** As a network delivers it. */
    private InputStream inPieces(String text) {
        Random random = new Random(text.length());
        return new FilterInputStream(new ByteArrayInputStream(text.getBytes(UTF_8))) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(5_000)));
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
    }
}
