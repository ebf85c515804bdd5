package dev.banyan.node;

import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import dev.banyan.transport.LinkSecurity;

/// Who a node is, where that is proven.
public interface Credentials {

  /// What protects its links.
  LinkSecurity links();

  /// What a worker seals with, in one life of it, and opens what others have sealed.
  Sealing sealing(Session session);
}
