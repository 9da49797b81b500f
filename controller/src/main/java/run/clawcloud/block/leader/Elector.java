package run.clawcloud.block.leader;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.leader.Leadership.Moment;

/**
 * Stands by until it holds the Lease, then keeps it. The rules are client-go's: the Lease is taken when it was given
 * back, or when it has not changed for its length <em>by our own clock</em>; clocks of others are never compared. Two
 * are stricter, for never two may be at work. A Lease that is missing, or whose holder was taken out, may have been so
 * made under a leader's hands: it is waited for like a held one. And whoever has lost it never leads again.
 *
 * <p>A watch tells of changes, so that standing by costs no requests. It is a hint: each write of the Lease holds only
 * for the version that was seen.
 */
public final class Elector implements Feed.Sink<Lease> {

    private static final Logger LOG = LoggerFactory.getLogger(Elector.class);

    /** An API server gives up a request after a minute unless told otherwise (--request-timeout). */
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(1);

    private static final Duration RELEASE_LIMIT = Duration.ofSeconds(2);

    private static final long SAY_AGAIN = Duration.ofMinutes(1).toNanos();

    private final Leases leases;
    private final Leadership leadership;
    private final String identity;
    private final Timing timing;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private @Nullable Lease seen;
    private long seenAt;

    // Of the thread that runs.
    private @Nullable String saidHolder;
    private @Nullable Long saidFailureAt;

    /** @param identity names this process among all others, ever */
    public Elector(Leases leases, Leadership leadership, String identity, Timing timing) {
        this.leases = leases;
        this.leadership = leadership;
        this.identity = identity;
        this.timing = timing;
    }

    /** Returns when the Lease is held. */
    public void awaitLeadership() throws InterruptedException {
        LOG.info("{} stands by for the leadership", identity);
        while (true) {
            Lease lease = awaitChance();
            try {
                if (!lease.exists()) {
                    // Held by nobody, so that a leader under whose hands it was deleted has the time to notice.
                    learn(leases.create("", timing.leaseDuration(), timing.retryPeriod()));
                    continue;
                }
                Moment begun = leadership.now();
                learn(leases.take(lease, identity, timing.leaseDuration(), timing.retryPeriod()));
                leadership.renewed(begun);
                LOG.info("{} leads", identity);
                return;
            } catch (ApiException e) {
                recover(e);
            }
        }
    }

    /**
     * Keeps the Lease for as long as that can be; then the leadership is at its end.
     *
     * @return why, for people
     */
    public String keep() throws InterruptedException {
        Moment renewed = leadership.now();
        while (true) {
            String rival = awaitRenewal(renewed);
            if (rival != null) {
                leadership.end();
                return rival.isEmpty()
                        ? "the Lease could not be renewed within "
                                + timing.renewDeadline().toSeconds() + " s"
                        : "the Lease is held by " + rival;
            }
            renewed = leadership.now();
            try {
                renew();
            } catch (ApiException e) {
                sayFailure("the Lease can't be renewed", e);
                // What was not answered has had its time already.
                pause(limit().minus(leadership.now().since(renewed)));
            }
        }
    }

    /**
     * Gives the Lease back, once nobody writes any more. Not when a write may still be carried out: then the Lease runs
     * out by itself. Neither {@link #awaitLeadership} nor {@link #keep} may run.
     */
    public void release() throws InterruptedException {
        boolean held = leadership.held();
        leadership.end();
        Lease lease = seen();
        if (!held || lease == null) {
            return;
        }
        if (!leadership.quiet(LONGEST_REQUEST)) {
            LOG.info("the Lease is not given back but runs out: a write may still be under way");
            return;
        }
        try {
            try {
                leases.release(lease, RELEASE_LIMIT);
            } catch (ApiException e) {
                Optional<Lease> now = e.conflict() ? leases.get(RELEASE_LIMIT) : Optional.empty();
                if (now.isEmpty() || !now.get().holder().equals(identity)) {
                    throw e;
                }
                leases.release(now.get(), RELEASE_LIMIT);
            }
            LOG.info("{} has given the leadership back", identity);
        } catch (ApiException e) {
            LOG.warn("the Lease could not be given back and runs out: {}", e.getMessage());
        }
    }

    // What the feed tells.

    @Override
    public void changed(Lease lease) {
        observe(lease);
    }

    @Override
    public void deleted(Lease lease) {
        observe(Lease.absent(lease.resourceVersion()));
    }

    /** A list, as of this resourceVersion, did not have it. */
    public void missing(long resourceVersion) {
        observe(Lease.absent(resourceVersion));
    }

    /** The watch may be late: whatever is not newer than what was seen says nothing. */
    private void observe(Lease lease) {
        lock.lock();
        try {
            if (seen == null || lease.resourceVersion() > seen.resourceVersion()) {
                learn(lease);
            }
        } finally {
            lock.unlock();
        }
    }

    /** An answer is true, even where its version is lower, as after etcd was restored. */
    private void learn(Lease lease) {
        lock.lock();
        try {
            if (!lease.equals(seen)) {
                seen = lease;
                seenAt = leadership.now().nanos();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Lease seen() {
        lock.lock();
        try {
            return seen;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the Lease may be taken or has to be made, and returns it as it was seen. */
    private Lease awaitChance() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Lease lease = seen;
                if (lease == null) {
                    changed.await();
                    continue;
                }
                sayHolder(lease);
                long left = seenAt + patience(lease) - leadership.now().nanos();
                if (left <= 0 || !lease.exists()) {
                    return lease;
                }
                var _ = changed.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** For how many nanoseconds a Lease has to stay as it is before it may be taken. */
    private long patience(Lease lease) {
        if (lease.released() || lease.holder().equals(identity)) {
            return 0;
        }
        return Math.max(
                timing.leaseDuration().toNanos(),
                Duration.ofSeconds(lease.durationSeconds()).toNanos());
    }

    /** After a write that failed: somebody was faster, or something is wrong. */
    private void recover(ApiException failure) throws InterruptedException {
        try {
            if (!outdated(failure)) {
                throw failure;
            }
            var _ = look(timing.retryPeriod());
        } catch (ApiException e) {
            sayFailure("the Lease can't be taken", e);
        }
        pause(timing.retryPeriod());
    }

    /** Whether a write failed because the Lease is not as it was seen. */
    private static boolean outdated(ApiException failure) {
        return failure.conflict() || failure.alreadyExists() || failure.notFound();
    }

    /** Reads the Lease, when a write has shown that what was seen is old. */
    private Lease look(Duration limit) throws ApiException, InterruptedException {
        Lease lease = leases.get(limit).orElse(Lease.absent(Lease.NO_VERSION));
        learn(lease);
        return lease;
    }

    /**
     * Waits until it is time to renew, or there is a reason to do so before.
     *
     * @return null: renew it; empty: it is too late; else who holds it instead
     */
    private @Nullable String awaitRenewal(Moment renewed) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Duration left = leadership.left();
                if (!left.isPositive()) {
                    return "";
                }
                Lease lease = seen;
                String holder = lease == null ? identity : lease.holder();
                if (!holder.equals(identity)) {
                    return holder.isEmpty() ? null : holder;
                }
                long wait = renewed.nanos()
                        + timing.retryPeriod().toNanos()
                        - leadership.now().nanos();
                if (wait <= 0) {
                    return null;
                }
                var _ = changed.await(Math.min(wait, left.toNanos()), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whoever may still write may make the Lease anew, or hold on to it when its holder was taken out: nobody else can
     * have held it meanwhile.
     */
    private void renew() throws ApiException, InterruptedException {
        Lease lease = seen();
        try {
            renew(lease == null ? look(limit()) : lease);
        } catch (ApiException e) {
            if (!outdated(e)) {
                throw e;
            }
            renew(look(limit()));
        }
    }

    private void renew(Lease lease) throws ApiException, InterruptedException {
        if (!lease.holder().isEmpty() && !lease.holder().equals(identity)) {
            return;
        }
        Moment begun = leadership.now();
        learn(
                lease.exists()
                        ? leases.renew(lease, identity, timing.leaseDuration(), limit())
                        : leases.create(identity, timing.leaseDuration(), limit()));
        leadership.renewed(begun);
    }

    /** No request for the Lease outlasts the leadership. */
    private Duration limit() {
        Duration left = leadership.left();
        return left.compareTo(timing.retryPeriod()) < 0 ? left : timing.retryPeriod();
    }

    private void pause(Duration duration) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = duration.toNanos();
            while (left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void sayHolder(Lease lease) {
        if (!lease.holder().equals(saidHolder) && !lease.holder().equals(identity)) {
            saidHolder = lease.holder();
            LOG.info("{}", saidHolder.isEmpty() ? "nobody holds the Lease" : "the leader is " + saidHolder);
        }
    }

    /** At once, then once a minute for as long as it lasts. */
    private void sayFailure(String what, ApiException failure) {
        long now = leadership.now().nanos();
        if (saidFailureAt == null || now - saidFailureAt >= SAY_AGAIN) {
            saidFailureAt = now;
            LOG.warn("{}: {} (tried again)", what, failure.getMessage());
        }
    }
}
