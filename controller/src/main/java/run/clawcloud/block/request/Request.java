package run.clawcloud.block.request;

/**
 * What is known of one BlockRequest.
 *
 * @param number under which {@link run.clawcloud.block.state.Namespaces} knows it
 * @param view the newest, without names
 * @param carriedOut an {@code active} one whose targets have been set active: it acts once for each generation
 * @param evaluated all namespaces have been held against its selector, if it has one
 */
record Request(int number, BlockRequestView view, boolean carriedOut, boolean evaluated) {

    Request carriedOutNow() {
        return new Request(number, view, true, evaluated);
    }

    Request evaluatedNow() {
        return new Request(number, view, carriedOut, true);
    }

    /** Whether what it held, or what it asks to be opened, is still to be set active. */
    boolean opens() {
        return view.deleting() ? view.hasFinalizer() && view.asksForLock() : view.asksForRelease() && !carriedOut;
    }
}
