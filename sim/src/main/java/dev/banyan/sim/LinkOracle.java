package dev.banyan.sim;

final class LinkOracle {}
