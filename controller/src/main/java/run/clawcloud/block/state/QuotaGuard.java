package run.clawcloud.block.state;

import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.QuotaView;

/** Hears what becomes of our quotas, and tells {@link Namespaces} where one is missing or altered. */
public final class QuotaGuard implements Feed.Sink<QuotaView> {

    private final Namespaces namespaces;
    private final LockQuota expected;

    public QuotaGuard(Namespaces namespaces, LockQuota expected) {
        this.namespaces = namespaces;
        this.expected = expected;
    }

    @Override
    public void changed(QuotaView quota) {
        if (quota.name().equals(Names.QUOTA) && !expected.holds(quota)) {
            namespaces.quotaDrifted(quota.namespace());
        }
    }

    @Override
    public void deleted(QuotaView quota) {
        if (quota.name().equals(Names.QUOTA)) {
            namespaces.quotaDrifted(quota.namespace());
        }
    }

    /** The slow scan has met a quota. */
    public void scanned(QuotaView quota) {
        if (quota.name().equals(Names.QUOTA) && expected.holds(quota)) {
            namespaces.quotaSeen(quota.namespace());
        }
    }
}
