package run.clawcloud.block.kubesim.store;

/** What an object consists of, however it is kept: as bytes, or as the recipe to make them. */
public interface Body {

    /**
     * The whole object as compact UTF-8 JSON that begins with {@code kind} and {@code apiVersion}; not to be changed.
     */
    byte[] json();

    /** Its labels. */
    Labels labels();

    /** Its uid. */
    String uid();

    /** A body that is kept as bytes, which are not copied. */
    static Body ofBytes(byte[] json, Labels labels, String uid) {
        return new Body() {
            @Override
            public byte[] json() {
                return json;
            }

            @Override
            public Labels labels() {
                return labels;
            }

            @Override
            public String uid() {
                return uid;
            }
        };
    }
}
