package dev.banyan.protocol;
import org.junit.jupiter.api.Test;
class SmokeTest {
  @Test void smoke() {
    TestTree t = new TestTree(TreeConfig.DEFAULT);
    t.add(0, NodeKind.ROOT);
    for (int i=1;i<35;i++) { t.add(i, i%5==0? NodeKind.ROUTER: NodeKind.CLIENT); t.advanceMillis(1000);}
    t.advanceMillis(30000);
    for (TreeNode n : t.nodes.values()) { NodeView v=n.view(); if (v.kind()!=NodeKind.CLIENT) System.out.println(v.node().value()+" "+v.kind()+" lvl "+v.level()+" rooted "+v.rooted()+" parent "+v.parent().map(NodeId::value)+" R "+v.childRouters().stream().map(c->c.node().value()+"("+c.clients()+")").toList()+" C "+v.childClients().size()+" res "+v.reservations()+" imb "+v.imbalance()); }
    t.reports.stream().collect(java.util.stream.Collectors.groupingBy(Effect.Report::kind, java.util.TreeMap::new, java.util.stream.Collectors.counting())).forEach((k,v)->System.out.println(k+" "+v));
    NodeId a=new NodeId(1), b=new NodeId(33);
    for (NodeId c : java.util.List.of(a,b)) t.give(c, new Event.ChangeInterest(new long[]{42},new long[0]));
    t.advanceMillis(100);
    t.give(a,new Event.Publish(java.util.List.of(new Record(new long[]{42},a,new Session(1,1),1,new long[]{0},Bytes.utf8("x")))));
    t.settle();
    System.out.println(t.upcalls.get(b));
    t.reports.stream().filter(r->r.kind()==Effect.Report.Kind.JOIN_REFUSED).forEach(System.out::println);
    for (TreeNode n : t.nodes.values()) System.out.println(n.identity().node().value()+" "+n.counters().stream().filter(c->c.value()>0).map(c->c.name()+"="+c.value()).toList());
    System.out.println(t.transcript.subList(t.transcript.size()-80,t.transcript.size()));
    t.give(b,new Event.Ask(1,42,Bytes.EMPTY)); t.settle();
    System.out.println(t.upcalls.get(a));
    t.kill(new NodeId(5)); t.advanceMillis(20000);
    for (TreeNode n : t.nodes.values()) { NodeView v=n.view(); if (v.kind()!=NodeKind.CLIENT) System.out.println(v.node().value()+" "+v.kind()+" lvl "+v.level()+" rooted "+v.rooted()+" parent "+v.parent().map(NodeId::value)+" R "+v.childRouters().stream().map(c->c.node().value()+"("+c.clients()+")").toList()+" C "+v.childClients().size()+" res "+v.reservations()); }
    t.reports.stream().collect(java.util.stream.Collectors.groupingBy(Effect.Report::kind, java.util.TreeMap::new, java.util.stream.Collectors.counting())).forEach((k,v)->System.out.println(k+" "+v));
    System.out.println(t.transcript.subList(0,30));
  }
}
