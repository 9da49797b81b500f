package run.clawcloud.block.feed;

import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.JsonStream;
import run.clawcloud.block.kube.ResourceVersion;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamReadException;

/**
 * Reads a list page by page and object by object, so that no list is ever held whole.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks">
 *     Retrieving large results sets in chunks</a>
 */
public final class Pages {

    /** Opens the page that follows a continue token; a null token opens the first page. */
    @FunctionalInterface
    public interface Source {
        InputStream open(@Nullable String continueToken) throws ApiException, InterruptedException;
    }

    /** What a page says besides its objects; an empty token on the last one. */
    private record Page(long resourceVersion, String continueToken) {}

    private Pages() {}

    /**
     * Reads all pages.
     *
     * @param what is listed, for the error message
     * @param decoder reads the object that the parser stands at and leaves it at its end
     * @param consumer gets each object as soon as it has been read
     * @return the list's resourceVersion
     * @throws ApiException also when a page is cut short or is no list
     */
    public static <T> long readAll(String what, Source source, Function<JsonParser, T> decoder, Consumer<T> consumer)
            throws ApiException, InterruptedException {
        String token = null;
        while (true) {
            Page page = next(what, source, token, decoder, consumer);
            if (page.continueToken().isEmpty()) {
                return page.resourceVersion();
            }
            token = page.continueToken();
        }
    }

    /** The list's resourceVersion, for the price of its first page. */
    public static long resourceVersion(String what, Source source) throws ApiException, InterruptedException {
        return next(what, source, null, JsonParser::skipChildren, object -> {}).resourceVersion();
    }

    private static <T> Page next(
            String what, Source source, @Nullable String token, Function<JsonParser, T> decoder, Consumer<T> consumer)
            throws ApiException, InterruptedException {
        try {
            return read(source.open(token), decoder, consumer);
        } catch (JacksonException e) {
            throw new ApiException("list " + what, e);
        }
    }

    private static <T> Page read(InputStream stream, Function<JsonParser, T> decoder, Consumer<T> consumer) {
        long[] resourceVersion = {ResourceVersion.NONE};
        String[] continueToken = {""};
        try (JsonStream json = new JsonStream(stream)) {
            json.nextDocument();
            json.fields((field, value) -> {
                switch (field) {
                    case "metadata" ->
                        Json.fields(value, (key, each) -> {
                            switch (key) {
                                case "resourceVersion" -> resourceVersion[0] = ResourceVersion.read(each);
                                case "continue" -> continueToken[0] = Json.textOrEmpty(each);
                                default -> each.skipChildren();
                            }
                        });
                    case "items" -> json.elements(item -> consumer.accept(decoder.apply(item)));
                    default -> value.skipChildren();
                }
            });
            if (resourceVersion[0] == ResourceVersion.NONE) {
                throw new StreamReadException(json.parser(), "this is no list: it has no resourceVersion");
            }
            // Reading to the very end gives the connection back for the next request.
            if (json.nextDocument()) {
                throw new StreamReadException(json.parser(), "the list is followed by something else");
            }
        }
        return new Page(resourceVersion[0], continueToken[0]);
    }
}
