package run.clawcloud.block.cluster;

import java.util.Locale;

/** What RBAC calls the things that can be asked of a resource. */
public enum Verb {
    GET("GET"),
    LIST("GET"),
    WATCH("GET"),
    CREATE("POST"),
    PATCH("PATCH"),
    DELETE("DELETE");

    private final String method;

    Verb(String method) {
        this.method = method;
    }

    /** The HTTP method. */
    String method() {
        return method;
    }

    boolean writes() {
        return !method.equals("GET");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
