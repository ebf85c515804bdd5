package dev.banyan.protocol;

import java.util.AbstractList;
import java.util.ArrayList;

/// The ordered list of effects of one event. A driver may keep one and [#clear] it between events, so that a forwarded
/// frame costs no list.
public final class Effects extends AbstractList<Effect> {

  private final ArrayList<Effect> list = new ArrayList<>();

  @Override
  public boolean add(Effect effect) {
    return list.add(effect);
  }

  @Override
  public Effect get(int index) {
    return list.get(index);
  }

  @Override
  public int size() {
    return list.size();
  }

  @Override
  public void clear() {
    list.clear();
  }

  public void send(LinkId link, Message message) {
    list.add(new Effect.Send(link, message));
  }

  public void setTimer(Timer timer, long atNanos) {
    list.add(new Effect.SetTimer(timer, atNanos));
  }

  public void report(Effect.Report.Kind kind, NodeId other, String detail, long number) {
    list.add(new Effect.Report(kind, other, detail, number));
  }
}
