/// How a worker's records become capsules and capsules become records: signed, sealed batches on the way out; on the way in
/// nothing that was not verified and opened. What a member is and knows comes from outside ([Membership]).
@NullMarked
package dev.banyan.store.sealing;

import org.jspecify.annotations.NullMarked;
