package run.clawcloud.block;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command line of the controller. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        Runtime.getRuntime().halt(run(args));
    }

    /** Runs the command line and returns the exit status; every refusal is one line on stderr. */
    static int run(String... args) {
        return commandLine(new RunCommand()).execute(args);
    }

    static CommandLine commandLine(RunCommand command) {
        return new CommandLine(command)
                .setDefaultValueProvider(new Environment())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> {
                    System.err.println(e.getMessage());
                    return ExitStatus.BAD_FLAG;
                });
    }

    /** {@code --lock-duration} can be given as {@code BLOCK_LOCK_DURATION}. */
    private static final class Environment implements IDefaultValueProvider {
        @Override
        public @Nullable String defaultValue(ArgSpec spec) {
            if (!(spec instanceof OptionSpec option)) {
                return null;
            }
            String flag = option.longestName().substring(2);
            return System.getenv("BLOCK_" + flag.replace('-', '_').toUpperCase(Locale.ROOT));
        }
    }
}
