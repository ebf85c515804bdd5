/// `banyan trust`: the operator's commands. They read and write files, and talk to no node.
@NullMarked
package dev.banyan.cli.trust;

import org.jspecify.annotations.NullMarked;
