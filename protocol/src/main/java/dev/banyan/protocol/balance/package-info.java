/// Which client should be where: numbers are evened out between child routers (§2.5), and clients that use the same tags
/// are brought together (§8.3.2). Decides who should move; how a node moves is in `join`.
@NullMarked
package dev.banyan.protocol.balance;

import org.jspecify.annotations.NullMarked;
