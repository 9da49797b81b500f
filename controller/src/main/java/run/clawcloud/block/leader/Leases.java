package run.clawcloud.block.leader;

import java.time.Duration;
import java.util.Optional;
import run.clawcloud.block.kube.ApiException;

/**
 * The one Lease that is competed for. A write holds only for the Lease as it was seen: any other fails as a conflict.
 * Each request is given up after {@code limit}, and it is then unknown whether it was carried out.
 */
public interface Leases {

    /** Reads it; empty when there is none. */
    Optional<Lease> get(Duration limit) throws ApiException, InterruptedException;

    /**
     * Makes it.
     *
     * @param holder empty for nobody
     */
    Lease create(String holder, Duration length, Duration limit) throws ApiException, InterruptedException;

    /** Makes it somebody's who did not hold it. */
    Lease take(Lease seen, String holder, Duration length, Duration limit) throws ApiException, InterruptedException;

    /** Renews it for its holder. */
    Lease renew(Lease seen, String holder, Duration length, Duration limit) throws ApiException, InterruptedException;

    /** Gives it back: from now on {@link Lease#released}. */
    Lease release(Lease seen, Duration limit) throws ApiException, InterruptedException;
}
