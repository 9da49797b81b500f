package run.clawcloud.block.kubesim.seed;

import java.util.HexFormat;

/**
 * What is particular to one tenant.
 *
 * @param namespace its namespace
 * @param ordinal counted from 0
 * @param seed of the cluster; another one gives other uids
 */
record Tenant(String namespace, int ordinal, long seed) {

    /** How many resourceVersions each tenant has to itself: more than it has objects. */
    static final int VERSIONS = 64;

    /** What stands in the cluster before the tenants come is older than this. */
    static final long FIRST_VERSION = 1000;

    /** Of the object in that slot. */
    long resourceVersion(int slot) {
        return FIRST_VERSION + (long) ordinal * VERSIONS + slot;
    }

    /** Of the object in that slot: a random-looking UUID, always the same. */
    String uid(int slot) {
        StringBuilder text = new StringBuilder(36);
        appendUid(slot, text);
        return text.toString();
    }

    void appendUid(int slot, StringBuilder into) {
        long key = (seed << 40) ^ ((long) ordinal * VERSIONS + slot);
        long high = mix(key);
        long low = mix(high ^ key);
        HexFormat hex = HexFormat.of();
        into.append(hex.toHexDigits(high >>> 32, 8))
                .append('-')
                .append(hex.toHexDigits(high >>> 16, 4))
                .append("-4")
                .append(hex.toHexDigits(high, 3))
                .append("-a")
                .append(hex.toHexDigits(low >>> 48, 3))
                .append('-')
                .append(hex.toHexDigits(low, 12));
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
