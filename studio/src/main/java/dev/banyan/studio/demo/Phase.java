package dev.banyan.studio.demo;

/// A part of the demonstration, for figures and progress lines.
///
/// @param startSeconds since the first join
record Phase(String name, double startSeconds) {}
