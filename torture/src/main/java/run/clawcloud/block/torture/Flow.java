package run.clawcloud.block.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import tools.jackson.databind.node.ObjectNode;

/** What can happen to namespaces, from what sets it off to its end. */
enum Flow {
    LOCK(false, ExpirationAction.DELETE) {
        @Override
        void begin(Scene scene) {
            scene.namespaces().forEach(each -> scene.world().status(each, Names.LOCKED));
        }

        @Override
        boolean ended(Scene scene) {
            return locked(scene);
        }
    },
    UNLOCK(true, ExpirationAction.DELETE) {
        @Override
        void begin(Scene scene) {
            scene.namespaces().forEach(each -> scene.world().status(each, null));
        }

        @Override
        boolean ended(Scene scene) {
            return untouched(scene);
        }
    },
    EXPIRE_BY_DELETION(true, ExpirationAction.DELETE) {
        @Override
        void begin(Scene scene) {
            runOut(scene);
        }

        @Override
        boolean ended(Scene scene) {
            return scene.namespaces().stream().allMatch(each -> scene.world().find(each) == null);
        }
    },
    EXPIRE_BY_UNLOCK(true, ExpirationAction.UNLOCK) {
        @Override
        void begin(Scene scene) {
            runOut(scene);
        }

        @Override
        boolean ended(Scene scene) {
            return untouched(scene);
        }
    },
    HOLD(false, ExpirationAction.DELETE) {
        @Override
        void begin(Scene scene) {
            hold(scene);
        }

        @Override
        boolean ended(Scene scene) {
            return locked(scene) && scene.world().applied(scene.request());
        }
    },
    RELEASE(false, ExpirationAction.DELETE) {
        @Override
        void prepare(Scene scene) throws InterruptedException {
            HOLD.begin(scene);
            Patience.require("hold", LIMIT, () -> HOLD.ended(scene));
        }

        @Override
        void begin(Scene scene) {
            scene.world().delete(scene.world().requests(), World.REQUESTS, scene.request());
        }

        @Override
        boolean ended(Scene scene) {
            return untouched(scene) && scene.find() == null;
        }
    };

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final boolean beginsLocked;
    private final ExpirationAction expiration;

    Flow(boolean beginsLocked, ExpirationAction expiration) {
        this.beginsLocked = beginsLocked;
        this.expiration = expiration;
    }

    ExpirationAction expiration() {
        return expiration;
    }

    /** Brings about what has to be there before it can begin. A controller runs meanwhile. */
    void prepare(Scene scene) throws InterruptedException {
        if (beginsLocked) {
            LOCK.begin(scene);
            Patience.require("lock", LIMIT, () -> locked(scene));
        }
    }

    /** Sets it off. */
    abstract void begin(Scene scene);

    /** Whether the controller has done all that can be seen of it. */
    abstract boolean ended(Scene scene);

    private static void runOut(Scene scene) {
        String past = Instant.now().minus(Duration.ofHours(1)).toString();
        scene.namespaces().forEach(each -> scene.world().annotate(each, Names.UNLOCK_TIMESTAMP, past));
    }

    private static void hold(Scene scene) {
        String names = scene.namespaces().stream().map(each -> '"' + each + '"').collect(Collectors.joining(","));
        scene.world().request(scene.request(), "{\"action\":\"locked\",\"namespaceNames\":[" + names + "]}");
    }

    private static boolean locked(Scene scene) {
        return scene.namespaces().stream()
                .allMatch(each -> scene.world().label(each, Names.APPLIED_LABEL).equals(Names.APPLIED_LOCKED));
    }

    private static boolean untouched(Scene scene) {
        return scene.namespaces().stream().allMatch(each -> {
            ObjectNode found = scene.world().find(each);
            return found != null
                    && World.text(found, "labels", Names.APPLIED_LABEL).isEmpty()
                    && World.text(found, "annotations", Names.UNLOCK_TIMESTAMP).isEmpty();
        });
    }
}
