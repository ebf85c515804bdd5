/// The key service: admits who has a token, and gives members the secrets of key epochs. A machine without threads, sockets, clock or randomness of its own,
/// and what is said between it and those who ask. Files and links are elsewhere.
@NullMarked
package dev.banyan.trust.service;

import org.jspecify.annotations.NullMarked;
