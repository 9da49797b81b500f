package run.clawcloud.block.torture;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;

/** People who do what they like while locks and unlocks run. */
final class People {

    private static final String LONG_AGO = "2001-01-01T00:00:00Z";
    private static final @Nullable String[] SWITCHES = {Names.LOCKED, Names.LOCKED, Names.ACTIVE, null, "lokced"};

    private final World world;
    private final List<Tenant> tenants;
    private final Set<String> mayGo;
    private final RandomGenerator random;
    private int requests;

    /**
     * @param doomed whose time is up
     * @param mayGo takes the uids of namespaces that they delete
     */
    People(World world, List<Tenant> tenants, Tenant doomed, Set<String> mayGo, RandomGenerator random) {
        this.world = world;
        this.tenants = tenants;
        this.mayGo = mayGo;
        this.random = random;
        world.status(doomed.name(), Names.LOCKED);
        world.annotate(doomed.name(), Names.UNLOCK_TIMESTAMP, LONG_AGO);
    }

    World world() {
        return world;
    }

    /** One of them does something. */
    void act() {
        Tenant tenant = tenants.get(random.nextInt(tenants.size()));
        switch (random.nextInt(15)) {
            case 0, 1, 2, 3 -> world.status(tenant.name(), SWITCHES[random.nextInt(SWITCHES.length)]);
            case 4, 5 -> tenant.scale(random);
            case 6 -> tenant.deleteQuota();
            case 7 -> tenant.alterQuota();
            case 8 -> tenant.deleteOne(random);
            case 9 -> request(tenant);
            case 10 -> endRequest();
            case 11, 12 -> tenant.editNote(random);
            case 13 -> tenant.comeOrGo(mayGo);
            default -> world.api().store().compact();
        }
    }

    /** Of a namespace, and now and then of the one that no one may lock. */
    private void request(Tenant tenant) {
        String names = '"' + tenant.name() + '"' + (random.nextBoolean() ? "" : ",\"" + Start.PROTECTED + '"');
        world.request("request-" + requests++, "{\"action\":\"locked\",\"namespaceNames\":[" + names + "]}");
    }

    private void endRequest() {
        if (requests > 0) {
            world.delete(world.requests(), World.REQUESTS, "request-" + random.nextInt(requests));
        }
    }
}
