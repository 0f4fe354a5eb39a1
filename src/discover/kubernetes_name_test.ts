/** @module */
import { assertEquals } from "@std/assert";
import { parseEnvList, podLabels, tryParseKubernetesName, tryReadKubernetesLabels } from "./kubernetes_name.ts";

const UID = "07f75a79-da69-40ac-ae2b-77a632929cc6";
const HASH = "0123456789abcdef0123456789abcdef";

Deno.test("the kubelet's container names tell pod, namespace and UID", () => {
  const nginx = { container: "nginx", pod: "web-1", namespace: "default", uid: UID };
  const cases: [name: string, expected: ReturnType<typeof tryParseKubernetesName>][] = [
    [`k8s_nginx_web-1_default_${UID}_0`, nginx],
    [`/k8s_nginx_web-1_default_${UID}_12`, nginx],
    [`k8s_nginx_web-1_default_${UID}`, nginx],
    [`nginx_web-1_default_${UID}_8`, nginx],
    [`k8s_POD_etcd_kube-system_${HASH}_0`, { container: "POD", pod: "etcd", namespace: "kube-system", uid: HASH }],
    [`etcd_etcd-1_kube-system_${HASH}_0`, { container: "etcd", pod: "etcd-1", namespace: "kube-system", uid: HASH }],
    ["k8s_a_b_c_short_0", { container: "a", pod: "b", namespace: "c", uid: "short" }],
    ["my_app_web_prod_eu_1", undefined],
    ["k8s_nginx_web-1_default", undefined],
    ["k8s_nginx__default_uid_0", undefined],
    ["nginx", undefined],
    ["", undefined],
  ];
  for (const [name, expected] of cases) assertEquals(tryParseKubernetesName(name), expected, name);
});

Deno.test("the kubelet's labels tell the same", () => {
  const labels = {
    "io.kubernetes.container.name": "nginx",
    "io.kubernetes.pod.name": "web-1",
    "io.kubernetes.pod.namespace": "default",
    "io.kubernetes.pod.uid": UID,
  };
  const expected = { container: "nginx", pod: "web-1", namespace: "default", uid: UID };
  assertEquals(tryReadKubernetesLabels(labels), expected);
  assertEquals(tryReadKubernetesLabels({ app: "web" }), undefined);
});

Deno.test("a pod's labels are those that the kubelet did not add", () => {
  const labels = {
    app: "web",
    "app.kubernetes.io/name": "web",
    "io.kubernetes.pod.name": "x",
    "io.kubernetes": "x",
    "annotation.a": "x",
    annotations: "kept",
  };
  assertEquals(podLabels(labels), { app: "web", "app.kubernetes.io/name": "web", annotations: "kept" });
});

Deno.test("environment entries without a name or = are dropped", () => {
  assertEquals(parseEnvList(["A=1", "B=", "C", "=x", "D=a=b", "A=2"]), { A: "2", B: "", D: "a=b" });
});
