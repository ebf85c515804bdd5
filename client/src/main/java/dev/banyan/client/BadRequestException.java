package dev.banyan.client;

/// The call itself is wrong: a key, prefix, value or time that is none or too long. Nothing was done; trying again does not
/// help.
public final class BadRequestException extends BanyanException {

  public BadRequestException(String line) {
    super(line, null);
  }
}
