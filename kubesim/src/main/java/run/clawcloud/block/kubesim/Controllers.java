package run.clawcloud.block.kubesim;

import run.clawcloud.block.kubesim.api.ClusterApi;

/** What runs behind the API: controllers that make pods appear and vanish. {@code KubeSim} starts and closes them. */
public interface Controllers {

    /** An API with nobody behind it. */
    Controllers NONE = api -> () -> {};

    /**
     * Starts to watch and to act. Returns at once.
     *
     * @return closing it stops every thread that was started, without waiting for work in progress
     */
    Running start(ClusterApi api);

    /** Controllers that run. */
    interface Running extends AutoCloseable {

        @Override
        void close();
    }
}
