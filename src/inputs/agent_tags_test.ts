import { assertEquals } from "@std/assert";
import { type GlobalOptions, NO_GLOBAL_OPTIONS } from "../core/global_options.ts";
import { agentTags, userDefinedId } from "./agent_tags.ts";

type Variables = Readonly<Record<string, string>>;

const lookUp = (variables: Variables) => (name: string): string | undefined => variables[name];
const tagsOf = (global: Partial<GlobalOptions>, variables: Variables = {}) => {
  return agentTags({ ...NO_GLOBAL_OPTIONS, ...global }, lookUp(variables), "node-1", "10.0.0.1");
};
const NODE = { ALIYUN_LOG_ENV_TAGS: "_node_name_|_node_ip_", _node_name_: "node-1", _node_ip_: "10.0.0.1" };

Deno.test("without a word about them there are no tags of the agent", () => {
  assertEquals(tagsOf({}), []);
  assertEquals(tagsOf({}, { _node_name_: "node-1", ALIYUN_LOG_ENV_TAGS: "" }), []);
});

Deno.test("PipelineMetaTagKey asks for the host's name and address", () => {
  const usual = { HOST_IP: "__default__", HOST_NAME: "__default__" };
  assertEquals(tagsOf({ pipelineMetaTagKey: usual }), [["__hostname__", "node-1"], ["__host_ip__", "10.0.0.1"]]);
  assertEquals(tagsOf({ pipelineMetaTagKey: { HOST_NAME: "host", HOST_IP: "" } }), [["host", "node-1"]]);
  const unknown = agentTags({ ...NO_GLOBAL_OPTIONS, pipelineMetaTagKey: usual }, lookUp({}), "node-1", "");
  assertEquals(unknown, [["__hostname__", "node-1"]]);
});

Deno.test("a variable of the agent names those that become tags, in its order", () => {
  const both = [["_node_name_", "node-1"], ["_node_ip_", "10.0.0.1"]];
  for (const name of ["ALIYUN_LOG_ENV_TAGS", "LOONG_LOG_ENV_TAGS", "LOONG_ENV_TAGS"]) {
    const { ALIYUN_LOG_ENV_TAGS, ...others } = NODE;
    assertEquals(tagsOf({}, { ...others, [name]: ALIYUN_LOG_ENV_TAGS }).map(([...tag]) => tag), both, name);
  }
});

Deno.test("a named variable that is not set is an empty tag; no name is none, twice the same is once", () => {
  assertEquals(tagsOf({}, { LOONG_ENV_TAGS: "a| b ||a", b: "2" }), [["a", ""], ["b", "2"]]);
});

Deno.test("AgentEnvMetaTagKey chooses and names the agent's variables", () => {
  assertEquals(tagsOf({ agentEnvMetaTagKey: {} }, NODE), []);
  assertEquals(tagsOf({ agentEnvMetaTagKey: { _node_ip_: "ip", _node_name_: "" } }, NODE), [["ip", "10.0.0.1"]]);
  assertEquals(tagsOf({ agentEnvMetaTagKey: { _node_ip_: "__default__", other: "x" } }, NODE), [
    ["_node_ip_", "10.0.0.1"],
  ]);
});

Deno.test("the agent's group comes from its variables", () => {
  const cases: readonly [Variables, string][] = [
    [{}, "default"],
    [{ ALIYUN_LOGTAIL_USER_DEFINED_ID: "" }, "default"],
    [{ LOONG_USER_DEFINED_ID: "new" }, "new"],
    [{ ALIYUN_LOGTAIL_USER_DEFINED_ID: "old", LOONG_USER_DEFINED_ID: "new" }, "old"],
  ];
  for (const [variables, id] of cases) assertEquals(userDefinedId(lookUp(variables)), id);
});
