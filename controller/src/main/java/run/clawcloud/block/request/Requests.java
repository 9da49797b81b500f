package run.clawcloud.block.request;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.LabelSelector;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Wish;
import run.clawcloud.block.state.Wishes;

/**
 * The BlockRequests that there are, and which namespaces they want. Thread-safe: one lock guards the changes, and is
 * taken before that of {@link Namespaces}; {@link Wishes} are answered without it.
 */
public final class Requests implements Feed.Sink<BlockRequestView>, RequestLister.Sink, Wishes {

    private final RequestListener listener;
    private final LockLength standard;
    private final RequestNamespaces counted;
    private final Map<Integer, Request> byNumber = new ConcurrentHashMap<>();

    /** Of the selectors. */
    private final AtomicInteger edition = new AtomicInteger();

    // Guarded by the lock.
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Set<String> listedKeys = new HashSet<>();

    /** Of these a worker was answered since the list was begun. */
    private final Set<String> answeredKeys = new HashSet<>();

    private final Set<Integer> listedFor = new HashSet<>();
    private int nextNumber;
    private @Nullable Namespaces namespaces;

    /**
     * None is known yet.
     *
     * @param standard the length of locks that ask for none
     * @param counted whose requests count; those of others are known, and want nothing
     */
    public Requests(RequestListener listener, LockLength standard, RequestNamespaces counted) {
        this.listener = listener;
        this.standard = standard;
        this.counted = counted;
    }

    /**
     * Says where namespaces are known, which in turn know these requests as their {@link Wishes}. Called once, first.
     */
    public synchronized void join(Namespaces known) {
        namespaces = known;
    }

    /** Whose requests count. */
    RequestNamespaces counted() {
        return counted;
    }

    private Namespaces namespaces() {
        return Objects.requireNonNull(namespaces, "join comes first");
    }

    /** What is known of a request. */
    synchronized Optional<Request> get(String key) {
        return Optional.ofNullable(numbers.get(key)).map(byNumber::get);
    }

    /** The key of a request that {@link Namespaces} knows by its number; empty when it is gone. Takes no lock. */
    public Optional<String> key(int number) {
        return Optional.ofNullable(byNumber.get(number))
                .map(request -> request.view().key());
    }

    // What the feed tells.

    @Override
    public synchronized void listBegins() {
        listedKeys.clear();
        answeredKeys.clear();
    }

    /**
     * A list shows what is, so it can only be older than an answer that came while it was made. An older view of any
     * other request is of a cluster that went back in time, as when etcd is restored from a backup: what was known of
     * the request, its generation too, is worth nothing then.
     */
    @Override
    public synchronized void listed(BlockRequestView view) {
        listedKeys.add(view.key());
        boolean older = get(view.key())
                .filter(known -> view.resourceVersion() < known.view().resourceVersion())
                .isPresent();
        if (older && !answeredKeys.contains(view.key())) {
            remove(view.key());
        }
        changed(view);
    }

    /** Now all are known. Those that were not listed are gone: requests are listed as they are, not from a cache. */
    @Override
    public synchronized void listEnds() {
        Set.copyOf(numbers.keySet()).stream()
                .filter(key -> !listedKeys.contains(key))
                .forEach(this::remove);
        namespaces().requestsKnown();
    }

    /** An older view changes nothing. */
    @Override
    public synchronized void changed(BlockRequestView told) {
        BlockRequestView view = counted.admit(told) ? told : told.withoutTargets();
        Optional<Request> known = get(view.key());
        if (known.isPresent() && !known.get().view().uid().equals(view.uid())) {
            remove(view.key());
            known = Optional.empty();
        }
        if (known.isPresent() && view.resourceVersion() < known.get().view().resourceVersion()) {
            return;
        }
        int number = known.isPresent() ? known.get().number() : nextNumber++;
        numbers.put(view.key(), number);
        respecify(number, known.orElse(null), view);
        listener.changed(view.key());
    }

    /** What a worker was answered. Only the feed tells of a request that is not known: this one can be gone already. */
    synchronized void observed(BlockRequestView view) {
        if (isKnown(view)) {
            answeredKeys.add(view.key());
            changed(view);
        }
    }

    private boolean isKnown(BlockRequestView view) {
        return get(view.key())
                .filter(known -> known.view().uid().equals(view.uid()))
                .isPresent();
    }

    @Override
    public synchronized void deleted(BlockRequestView view) {
        if (isKnown(view)) {
            remove(view.key());
        }
    }

    private void respecify(int number, @Nullable Request before, BlockRequestView view) {
        LabelSelector selector = view.spec().selector();
        LabelSelector selectorBefore =
                before == null ? null : before.view().spec().selector();
        boolean sameSelector = Objects.equals(selectorBefore, selector);
        boolean evaluated = selector == null || (sameSelector && before != null && before.evaluated());
        if (before != null && before.view().generation() == view.generation()) {
            // Another process may have carried it out, while this one stood by.
            boolean carriedOut = before.carriedOut() || view.wasCarriedOut();
            byNumber.put(number, new Request(number, view.withoutNames(), carriedOut, evaluated));
            if (!before.view().sameWish(view) || carriedOut != before.carriedOut()) {
                namespaces().wishAnew(number);
            }
            return;
        }
        if (!sameSelector && selector != null) {
            // From here on, what was found with the selector before counts for nothing.
            edition.incrementAndGet();
        }
        byNumber.put(number, new Request(number, view.withoutNames(), view.wasCarriedOut(), evaluated));
        namespaces().named(number, view.spec().names());
        if (!sameSelector) {
            // A list that is under way has held some namespaces against the one before.
            listedFor.remove(number);
            publish(selector != null);
            if (selector == null) {
                namespaces().unselected(number);
            }
        }
        namespaces().wishAnew(number);
    }

    private void remove(String key) {
        Integer number = numbers.remove(key);
        Request gone = number == null ? null : byNumber.remove(number);
        if (gone == null) {
            return;
        }
        if (gone.view().spec().selector() != null) {
            publish(false);
        }
        namespaces().requestRemoved(gone.number());
        listener.changed(key);
    }

    private void publish(boolean added) {
        Map<Integer, LabelSelector> selectors = new HashMap<>();
        byNumber.forEach((number, request) -> {
            LabelSelector selector = request.view().spec().selector();
            if (selector != null) {
                selectors.put(number, selector);
            }
        });
        listener.selectors(Selectors.of(edition.get(), selectors), added);
    }

    // What the lists of namespaces tell.

    /** A list of all namespaces begins: each is held against the selectors that there are now. */
    public synchronized void namespacesListBegins() {
        listedFor.clear();
        byNumber.values().stream()
                .filter(request -> request.view().spec().selector() != null)
                .forEach(request -> listedFor.add(request.number()));
    }

    /** That list is through. */
    public synchronized void namespacesListEnds() {
        for (int number : listedFor) {
            Request request = byNumber.computeIfPresent(number, (_, known) -> known.evaluatedNow());
            if (request != null) {
                listener.changed(request.view().key());
            }
        }
    }

    /** A request that asked to open its namespaces, once, is through with that. */
    synchronized void carriedOut(Request request) {
        Request known = byNumber.get(request.number());
        if (known != null && known.view().generation() == request.view().generation()) {
            byNumber.put(request.number(), known.carriedOutNow());
            namespaces().wishAnew(request.number());
        }
    }

    // Wishes: asked under the lock of Namespaces.

    @Override
    public boolean selects(int number) {
        Request request = byNumber.get(number);
        return request != null && request.view().spec().selector() != null;
    }

    @Override
    public int edition() {
        return edition.get();
    }

    @Override
    public Wish of(int... members) {
        List<BlockRequestView> holders = Holders.of(members, byNumber);
        if (!holders.isEmpty()) {
            return Holders.wish(holders, standard);
        }
        for (int member : members) {
            Request request = byNumber.get(Wishes.request(member));
            if (Wishes.leaving(member) || (request != null && request.opens())) {
                return Wish.ACTIVE;
            }
        }
        return Wish.NOTHING;
    }
}
