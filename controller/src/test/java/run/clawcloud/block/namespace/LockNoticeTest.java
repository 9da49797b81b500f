package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.state.ChangeListener.Notice;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;

class LockNoticeTest {

    private static final Deadline END = new Deadline.At(Instant.parse("2030-01-08T00:00:00Z"));

    private final NotedEvents events = new NotedEvents();

    @ParameterizedTest
    @CsvSource({
        "DELETE, DAY,   LockEndsInADay,    the namespace is deleted",
        "DELETE, HOUR,  LockEndsInAnHour,  the namespace is deleted",
        "DELETE, GRACE, GracePeriodBegun,  the namespace is deleted",
        "UNLOCK, DAY,   LockEndsInADay,    the namespace is unlocked",
        "UNLOCK, GRACE, GracePeriodBegun,  the namespace is unlocked"
    })
    void saysWhenAndWhatFollows(ExpirationAction action, Notice notice, String reason, String follows) {
        LockNotice.write(events, "tenant", notice, END, settings(action, Duration.ofHours(6)));

        assertThat(events.take())
                .singleElement()
                .asString()
                .startsWith("Warning Namespace tenant/tenant " + reason + ": ")
                .contains("2030-01-08T00:00:00Z", follows, "grace period");
    }

    @Test
    void doesNotSpeakOfAGracePeriodThatThereIsNot() {
        LockNotice.write(events, "tenant", Notice.HOUR, END, settings(ExpirationAction.DELETE, Duration.ZERO));

        assertThat(events.take()).singleElement().asString().doesNotContain("grace");
    }

    @Test
    void saysHowATimestampIsWritten() {
        LockNotice.write(
                events,
                "tenant",
                Notice.UNREADABLE,
                new Deadline.Unreadable(),
                settings(ExpirationAction.DELETE, Duration.ZERO));

        assertThat(events.take())
                .singleElement()
                .asString()
                .startsWith("Warning Namespace tenant/tenant UnlockTimestampUnreadable: ")
                .contains("clawcloud.run/unlock-timestamp", "RFC 3339", "2030-01-31T12:00:00Z", "does not run out");
    }

    @Test
    void settingsKeepWhatTheyWereTold() {
        Set<String> names = new HashSet<>(Set.of("kube-system"));
        FlowSettings settings = new FlowSettings(
                new LockLength.Permanent(), LockQuota.of(false), names, ExpirationAction.NONE, Duration.ZERO);

        names.clear();

        assertThat(settings.protectedNamespaces()).containsExactly("kube-system");
    }

    private static FlowSettings settings(ExpirationAction action, Duration grace) {
        return new FlowSettings(new LockLength.Permanent(), LockQuota.of(false), Set.of(), action, grace);
    }
}
