package run.clawcloud.block.kubesim.http;

import java.util.function.Predicate;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.FieldSelector;
import run.clawcloud.block.kubesim.store.LabelSelector;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;

/**
 * Which objects a list or a watch is about.
 *
 * @param labels by label
 * @param fields by field
 */
record Selection(LabelSelector labels, FieldSelector fields) implements Predicate<StoredObject> {

    /** Reads {@code labelSelector} and {@code fieldSelector}; 400 if they can't be read. */
    static Selection of(Exchange exchange, ResourceType type) {
        try {
            return new Selection(
                    LabelSelector.parse(exchange.query("labelSelector")),
                    FieldSelector.parse(type, exchange.query("fieldSelector")));
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    boolean isEverything() {
        return labels.requirements().isEmpty() && fields.terms().isEmpty();
    }

    @Override
    public boolean test(StoredObject object) {
        return labels.matches(object.labels()) && fields.matches(object);
    }
}
