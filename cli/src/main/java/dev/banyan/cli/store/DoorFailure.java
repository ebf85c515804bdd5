package dev.banyan.cli.store;

import dev.banyan.cli.console.UserError;
import dev.banyan.client.BadRequestException;
import dev.banyan.client.BanyanException;
import dev.banyan.client.CallInterruptedException;
import dev.banyan.client.ClosedException;
import dev.banyan.client.ConditionFailedException;
import dev.banyan.client.NotKnownException;
import dev.banyan.client.OutcomeUnknownException;
import dev.banyan.client.RefusedException;
import dev.banyan.client.StoreFullException;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.UnavailableException.Attempt;
import java.util.stream.Collectors;

/// What a client's failure is to a user of the command line, who chooses the door by a flag.
public final class DoorFailure {

  private DoorFailure() {}

  public static UserError of(BanyanException failure) {
    return switch (failure) {
      case ConditionFailedException conflict -> UserError.conflict(conflict.line());
      case UnavailableException unavailable when !unavailable.attempts().isEmpty() ->
          UserError.failed(
              unavailable.attempts().stream()
                  .map(DoorFailure::line)
                  .collect(Collectors.joining("; ")));
      case OutcomeUnknownException unknown -> UserError.failed(line(unknown.attempt()));
      case CallInterruptedException _ -> UserError.failed("interrupted");
      case UnavailableException _,
          BadRequestException _,
          ClosedException _,
          NotKnownException _,
          RefusedException _,
          StoreFullException _ ->
          UserError.failed(failure.line());
    };
  }

  private static String line(Attempt attempt) {
    String door = attempt.address();
    return switch (attempt.why()) {
      case UNKNOWN_HOST ->
          "no worker answers at " + door + " (unknown host): check --door or BANYAN_DOOR";
      case UNREACHABLE ->
          "no worker answers at "
              + door
              + " (connection refused): start one with 'banyan worker --root HOST:PORT', or name its door with --door"
              + " or BANYAN_DOOR";
      case BROKEN ->
          "what answers at "
              + door
              + " does not speak HTTP, or hung up: is it a root's or router's port? --door and BANYAN_DOOR take the"
              + " address that a worker prints as that of its door";
      case LATE, NO_DOOR, BUSY, FAILED -> attempt.line();
    };
  }
}
