/// How all processes of Banyan log. A library that uses a node keeps its own logging: nothing here is done unless a process asks for it.
@NullMarked
package dev.banyan.host.log;

import org.jspecify.annotations.NullMarked;
