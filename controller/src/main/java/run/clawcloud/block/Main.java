package run.clawcloud.block;

import java.util.Locale;
import java.util.function.Function;
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
        return commandLine(command, System::getenv);
    }

    /** @param environment the value of a variable, null when it is not set */
    static CommandLine commandLine(RunCommand command, Function<String, @Nullable String> environment) {
        return new CommandLine(command)
                .setDefaultValueProvider(new Environment(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> {
                    // What is wrong with a value may be that it has lines.
                    e.getCommandLine()
                            .getErr()
                            .println(String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "));
                    return ExitStatus.BAD_FLAG;
                });
    }

    /**
     * {@code --lock-duration} can be given as {@code BLOCK_LOCK_DURATION}; an empty variable is one that is not set.
     */
    private record Environment(Function<String, @Nullable String> variables) implements IDefaultValueProvider {
        @Override
        public @Nullable String defaultValue(ArgSpec spec) {
            if (!(spec instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
                return null;
            }
            String flag = option.longestName().substring(2);
            String value = variables.apply("BLOCK_" + flag.replace('-', '_').toUpperCase(Locale.ROOT));
            return value == null || value.isEmpty() ? null : value;
        }
    }
}
