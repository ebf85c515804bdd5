/// `banyan trust`: the operator's commands. They read and write files; one of them is the key service.
@NullMarked
package dev.banyan.cli.trust;

import org.jspecify.annotations.NullMarked;
