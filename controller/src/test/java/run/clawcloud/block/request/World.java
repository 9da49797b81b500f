package run.clawcloud.block.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.namespace.WorkloadKind;

/**
 * A small world at one moment: one namespace with two workloads, BlockRequests for it, what the watches have yet to
 * tell, and what the controller knows. Immutable; two moments that can't be told apart are equal, since versions are
 * numbered anew by their order.
 *
 * @param day on the clock, 0 at first; a lock lasts a week
 * @param namespace as the server has it
 * @param before as the server had it one write ago: what an old list shows
 * @param told events of the namespace that its watch has yet to tell
 * @param quotaTold whether the watch of quotas has yet to tell that the quota was deleted or altered
 * @param quotaMissed whether nobody will tell so any more, until the slow scan looks
 * @param requests as the server has them
 * @param requestsTold events of the requests that their watch has yet to tell
 */
record World(
        int day,
        NamespaceView namespace,
        NamespaceView before,
        Quota quota,
        List<Load> loads,
        List<Told> told,
        boolean quotaTold,
        boolean quotaMissed,
        List<BlockRequestView> requests,
        List<ToldRequest> requestsTold,
        Memory memory) {

    static final String NAMESPACE = "tenant";

    enum Quota {
        MISSING,
        ALTERED,
        RIGHT
    }

    /**
     * A workload.
     *
     * @param level replicas; of a Job, 1 when it runs and 0 when it is suspended
     * @param due the level that people want while the namespace is open
     */
    record Load(
            WorkloadKind kind,
            String name,
            int level,
            @Nullable String note,
            int due) {

        /** What a note of a level says. */
        static String note(WorkloadKind kind, int level) {
            return kind.knob() == WorkloadKind.Knob.REPLICAS ? Integer.toString(level) : Boolean.toString(level == 0);
        }

        /** Whether the level that people want is still written somewhere. */
        boolean safe() {
            return level == 0 ? note(kind, due).equals(note) : level == due;
        }
    }

    /** An event of the namespace; when it does not match the watch any more, its last matching state. */
    record Told(boolean deleted, NamespaceView view) {}

    record ToldRequest(boolean deleted, BlockRequestView view) {}

    /**
     * What a crash takes with it.
     *
     * @param known whether the index has the namespace, with the flags, version and deadline that follow
     * @param requests as they are known, with their names
     * @param needed whether the namespace waits for a worker
     * @param unsettled whether it waits for one that writes its label
     * @param reports keys of the requests whose status waits to be written
     */
    record Memory(
            boolean known,
            int flags,
            long version,
            long deadline,
            List<BlockRequestView> requests,
            boolean needed,
            boolean unsettled,
            SequencedSet<String> reports) {

        static final Memory NONE = new Memory(false, 0, 0, 0, List.of(), false, false, new TreeSet<>());
    }

    /** The same with versions numbered anew, and without events that are old news. */
    World canonical() {
        List<Told> news = told.stream()
                .filter(each -> !memory.known() || each.view().resourceVersion() > memory.version())
                .toList();
        TreeSet<Long> versions = new TreeSet<>(List.of(namespace.resourceVersion(), before.resourceVersion()));
        news.forEach(each -> versions.add(each.view().resourceVersion()));
        if (memory.known()) {
            versions.add(memory.version());
        }
        LongUnaryOperator rank = rank(versions);
        List<ToldRequest> requestNews = requestsTold.stream()
                .filter(each -> each.deleted() || memory.requests().stream().noneMatch(known -> isNoNews(each, known)))
                .toList();
        Map<String, LongUnaryOperator> ranks = requestRanks(requestNews);
        Memory numbered = new Memory(
                memory.known(),
                memory.flags(),
                memory.known() ? rank.applyAsLong(memory.version()) : 0,
                memory.deadline(),
                memory.requests().stream().map(each -> at(each, ranks)).toList(),
                memory.needed(),
                memory.unsettled(),
                memory.reports());
        return new World(
                day,
                at(namespace, rank),
                at(before, rank),
                quota,
                loads,
                news.stream()
                        .map(each -> new Told(each.deleted(), at(each.view(), rank)))
                        .toList(),
                quotaTold,
                quotaMissed,
                requests.stream().map(each -> at(each, ranks)).toList(),
                requestNews.stream()
                        .map(each -> new ToldRequest(each.deleted(), at(each.view(), ranks)))
                        .toList(),
                numbered);
    }

    private static boolean isNoNews(ToldRequest told, BlockRequestView known) {
        return known.key().equals(told.view().key())
                && known.resourceVersion() >= told.view().resourceVersion();
    }

    private Map<String, LongUnaryOperator> requestRanks(List<ToldRequest> news) {
        Map<String, TreeSet<Long>> versions = new TreeMap<>();
        List<BlockRequestView> all = new ArrayList<>(requests);
        all.addAll(memory.requests());
        news.forEach(each -> all.add(each.view()));
        all.forEach(each ->
                versions.computeIfAbsent(each.key(), _ -> new TreeSet<>()).add(each.resourceVersion()));
        Map<String, LongUnaryOperator> ranks = new TreeMap<>();
        versions.forEach((key, each) -> ranks.put(key, rank(each)));
        return ranks;
    }

    private static LongUnaryOperator rank(TreeSet<Long> versions) {
        return version -> 1 + versions.headSet(version).size();
    }

    private static NamespaceView at(NamespaceView view, LongUnaryOperator rank) {
        return new ViewBuilder(view)
                .at(rank.applyAsLong(view.resourceVersion()))
                .build();
    }

    private static BlockRequestView at(BlockRequestView view, Map<String, LongUnaryOperator> ranks) {
        LongUnaryOperator rank = ranks.getOrDefault(view.key(), LongUnaryOperator.identity());
        return WorldServer.at(view, rank.applyAsLong(view.resourceVersion()));
    }
}
