/// Workers whose working sets overlap, where the tree puts them, and where they had better be (§8.3): what reallocation
/// reaches, against the best placement that can be found with all knowledge and much time. Nothing of it is in a node.
@NullMarked
package dev.banyan.lab.allocation;

import org.jspecify.annotations.NullMarked;
