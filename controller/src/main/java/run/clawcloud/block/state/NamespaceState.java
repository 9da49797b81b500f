package run.clawcloud.block.state;

/**
 * What is known of one namespace at this moment.
 *
 * @param resourceVersion of the newest view
 * @param lockLength what the namespace asks for; known only while {@code deadline} is {@link Deadline.None}
 */
public record NamespaceState(
        String name,
        long resourceVersion,
        Switch status,
        Applied applied,
        Deadline deadline,
        LockLength lockLength,
        Need need) {}
