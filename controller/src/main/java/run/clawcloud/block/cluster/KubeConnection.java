package run.clawcloud.block.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the API server is and who we are to it: from a kubeconfig, or from the service account of the pod that we run
 * in. TLS, tokens, exec plugins and proxies are the client library's.
 */
public final class KubeConnection implements AutoCloseable {

    private static final int HIGHEST_PORT = 65_535;

    private final HttpClient client;
    private final String url;

    private KubeConnection(HttpClient client, String url) {
        this.client = client;
        this.url = url;
    }

    /** Sends requests with our credentials; it does not retry. */
    public HttpClient client() {
        return client;
    }

    /** Of the API server, without a slash at the end. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * Finds out how to connect; sends nothing.
     *
     * @param kubeconfig null: {@code KUBECONFIG}, then the pod's service account, then {@code ~/.kube/config}
     * @param context of the kubeconfig; null for its current one
     * @throws KubeConfigException when there is none, it can't be read, or it has no such context
     */
    public static KubeConnection open(@Nullable Path kubeconfig, @Nullable String context, String userAgent)
            throws KubeConfigException {
        return open(kubeconfig, context, userAgent, System::nanoTime);
    }

    static KubeConnection open(
            @Nullable Path kubeconfig, @Nullable String context, String userAgent, LongSupplier nanoTime)
            throws KubeConfigException {
        return open(kubeconfig, context, userAgent, nanoTime, KubeconfigUser.PLUGIN_LIMIT);
    }

    /** @param pluginLimit how long a program that gives out credentials may take */
    static KubeConnection open(
            @Nullable Path kubeconfig,
            @Nullable String context,
            String userAgent,
            LongSupplier nanoTime,
            Duration pluginLimit)
            throws KubeConfigException {
        Path file = kubeconfig != null ? kubeconfig : fileByConvention();
        if (file == null && context != null) {
            throw new UnknownContextException(
                    "there is no context '" + context + "': contexts are of a kubeconfig; give one with --kubeconfig");
        }
        Credentials credentials = file == null ? ofServiceAccount() : ofFile(file, context, pluginLimit);
        Config config = credentials.config();
        config.setRequestRetryBackoffLimit(0);
        config.setUserAgent(userAgent);
        String url = config.getMasterUrl();
        // Without TLS the client would offer an upgrade to HTTP/2 with the first request, which API servers decline.
        config.setHttp2Disable(url.startsWith("http:"));
        try {
            HttpClient.Builder builder = new VirtualThreads().newBuilder(config);
            credentials.apply(builder, nanoTime);
            return new KubeConnection(builder.build(), url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (KubernetesClientException | IOException e) {
            throw new KubeConfigException("the credentials of " + (file == null ? "the service account" : file)
                    + " can't be used: " + firstLine(rootCause(e)));
        }
    }

    private static @Nullable Path fileByConvention() throws KubeConfigException {
        String environment = System.getenv("KUBECONFIG");
        if (environment != null && !environment.isBlank()) {
            if (environment.contains(System.getProperty("path.separator"))) {
                throw new KubeConfigException(
                        "KUBECONFIG names several files (" + environment + "); give one of them with --kubeconfig");
            }
            return Path.of(environment);
        }
        if (Files.exists(Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH))) {
            return null;
        }
        Path home = Path.of(System.getProperty("user.home"), ".kube", "config");
        if (Files.exists(home)) {
            return home;
        }
        throw new KubeConfigException("no cluster is known: there is no service account, no KUBECONFIG and no " + home
                + "; give a kubeconfig with --kubeconfig");
    }

    private static Credentials ofServiceAccount() {
        // Otherwise the library would look for a kubeconfig first, and might find that of another cluster.
        System.setProperty(Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY, "false");
        return Credentials.ofServiceAccount(Config.autoConfigure(null));
    }

    private static Credentials ofFile(Path file, @Nullable String context, Duration pluginLimit)
            throws KubeConfigException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new KubeConfigException("the kubeconfig " + file + " can't be read: "
                    + (Files.exists(file) ? e.getMessage() : "there is no such file; give another with --kubeconfig"));
        }
        io.fabric8.kubernetes.api.model.Config parsed;
        List<String> contexts;
        try {
            parsed = KubeConfigUtils.parseConfigFromString(text);
            if (parsed == null) {
                throw broken(file, "it is empty");
            }
            contexts = entries(parsed.getContexts()).map(NamedContext::getName).toList();
        } catch (RuntimeException e) {
            throw broken(file, firstLine(e));
        }
        String current = parsed.getCurrentContext();
        String wanted = context != null ? context : current;
        if (wanted == null || wanted.isEmpty()) {
            throw broken(file, "it names no current context; give one with --context, of " + contexts);
        }
        if (!contexts.contains(wanted)) {
            throw new UnknownContextException(
                    "the kubeconfig " + file + " has no context '" + wanted + "'; it has " + contexts);
        }
        checkServer(file, parsed, wanted);
        AuthInfo user = userOf(parsed, wanted);
        String plugin =
                user == null || user.getExec() == null ? null : user.getExec().getCommand();
        try {
            return Credentials.ofFile(new KubeconfigUser(file, wanted, plugin, pluginLimit), user);
        } catch (NoSuchFileException e) {
            throw broken(file, "there is no file " + e.getFile() + ", which it names");
        } catch (IOException | RuntimeException e) {
            throw broken(file, firstLine(e));
        }
    }

    /** Those of a list that are there: YAML can leave out each, and the list. */
    private static <T> Stream<T> entries(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream().filter(Objects::nonNull);
    }

    private static @Nullable AuthInfo userOf(io.fabric8.kubernetes.api.model.Config kubeconfig, String context) {
        String user = entries(kubeconfig.getContexts())
                .filter(each -> context.equals(each.getName()) && each.getContext() != null)
                .flatMap(each -> Stream.ofNullable(each.getContext().getUser()))
                .findFirst()
                .orElse(null);
        return entries(kubeconfig.getUsers())
                .filter(each -> Objects.equals(each.getName(), user))
                .flatMap(each -> Stream.ofNullable(each.getUser()))
                .findFirst()
                .orElse(null);
    }

    /** Where a kubeconfig names no server, the library would take one of its own choice. */
    private static void checkServer(Path file, io.fabric8.kubernetes.api.model.Config kubeconfig, String context)
            throws KubeConfigException {
        String cluster = entries(kubeconfig.getContexts())
                .filter(each -> context.equals(each.getName()) && each.getContext() != null)
                .flatMap(each -> Stream.ofNullable(each.getContext().getCluster()))
                .findFirst()
                .orElse(null);
        String server = entries(kubeconfig.getClusters())
                .filter(each -> Objects.equals(each.getName(), cluster) && each.getCluster() != null)
                .flatMap(each -> Stream.ofNullable(each.getCluster().getServer()))
                .findFirst()
                .orElse(null);
        if (server == null) {
            throw broken(
                    file,
                    "its context '" + context + "' is of a cluster '" + cluster + "' for which it names no server");
        }
        if (!isUrl(server)) {
            throw broken(file, "the server '" + server + "' of its cluster '" + cluster + "' is no http or https URL");
        }
    }

    /** As kubectl does, the library takes http where no scheme is given. */
    private static boolean isUrl(String server) {
        try {
            URI uri = new URI(server.contains("://") ? server : "http://" + server);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() <= HIGHEST_PORT;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static KubeConfigException broken(Path file, String why) {
        return new KubeConfigException("the kubeconfig " + file + " is broken: " + why);
    }

    /** The library says itself only that something has happened. */
    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip();
    }

    /** No kubeconfig, or none that can be used. The message is one line for the user. */
    public static class KubeConfigException extends Exception {
        KubeConfigException(String message) {
            super(message);
        }
    }

    /** The kubeconfig has no such context. */
    public static final class UnknownContextException extends KubeConfigException {
        UnknownContextException(String message) {
            super(message);
        }
    }

    /** The JDK's client hands its callbacks to virtual threads: no pool that grows with the load. */
    private static final class VirtualThreads extends JdkHttpClientFactory {
        @Override
        protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
            return java.net.http.HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor());
        }
    }
}
