package run.clawcloud.block.feed;

import java.util.function.Consumer;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.ApiException;

/** Lists our quotas, page by page. */
public final class QuotaScan {

    /** Our quotas. */
    public static final String OURS = Names.MANAGED_BY_LABEL + "=" + Names.MANAGED_BY;

    private QuotaScan() {}

    /**
     * Reads all of them.
     *
     * @return the list's resourceVersion
     */
    public static long all(ListWatch source, int pageSize, Consumer<QuotaView> consumer)
            throws ApiException, InterruptedException {
        return Pages.readAll(
                "resourcequotas with " + OURS,
                token -> source.list(OURS, pageSize, token, null),
                QuotaView::read,
                consumer);
    }
}
