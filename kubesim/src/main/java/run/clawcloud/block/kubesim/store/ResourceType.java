package run.clawcloud.block.kubesim.store;

import java.util.List;
import java.util.Set;

/**
 * A kind of object that the API serves. Equal when group, version and plural are.
 *
 * @param group API group, empty for core
 * @param version API version within the group
 * @param plural name in the path, {@code pods}
 * @param singular name that kubectl accepts too, {@code pod}
 * @param kind {@code Pod}
 * @param namespaced whether its objects live in a namespace
 * @param shortNames what kubectl accepts, {@code po}
 * @param categories groups of types in kubectl, {@code all}
 * @param subresources of {@code status}, {@code scale}, {@code finalize}: those it has
 * @param generation whether {@code metadata.generation} counts the changes of its spec
 * @param listKind of a list of its objects, {@code PodList}
 * @param custom whether it is defined by a CustomResourceDefinition
 */
public record ResourceType(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        boolean namespaced,
        List<String> shortNames,
        List<String> categories,
        Set<String> subresources,
        boolean generation,
        String listKind,
        boolean custom) {

    /** A built-in type. */
    public ResourceType(
            String group,
            String version,
            String plural,
            String singular,
            String kind,
            boolean namespaced,
            List<String> shortNames,
            List<String> categories,
            Set<String> subresources,
            boolean generation) {
        this(
                group,
                version,
                plural,
                singular,
                kind,
                namespaced,
                shortNames,
                categories,
                subresources,
                generation,
                kind + "List",
                false);
    }

    /** {@code apps/v1}, or {@code v1} for the core group. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code deployments.apps}, or {@code pods} for the core group: how error messages name it. */
    public String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** Whether it has the subresource. */
    public boolean has(String subresource) {
        return subresources.contains(subresource);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceType that
                && plural.equals(that.plural)
                && group.equals(that.group)
                && version.equals(that.version);
    }

    @Override
    public int hashCode() {
        return plural.hashCode() * 31 + group.hashCode();
    }
}
