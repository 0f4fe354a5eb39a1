/**
 * The walk-through's manifests in `k8s/`, as tests need them: pipelines with their brokers filled in, and what a Deployment's container
 * runs.
 *
 * @module
 */
import { join } from "@std/path";
import { parse } from "yaml";

const BROKERS_IN_MANIFEST = "kafka.kafka.svc:9092";

/** The part of a container that says what it is. */
export interface ManifestContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
}

/** The pipelines of a ConfigMap by their file names, as written but for the brokers. */
export function pipelinesOf(projectDirectory: string, manifest: string, brokers: string): Record<string, string> {
  const { data }: { data: Record<string, string> } = parseManifest(projectDirectory, manifest);
  const fill = (text: string) => text.replaceAll(BROKERS_IN_MANIFEST, brokers);
  return Object.fromEntries(Object.entries(data).map(([name, text]) => [name, fill(text)]));
}

/** The first container of a Deployment. */
export function containerOf(projectDirectory: string, manifest: string): ManifestContainer {
  return parseManifest<Deployment>(projectDirectory, manifest).spec.template.spec.containers[0];
}

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly [ManifestContainer] } };
  };
}

function parseManifest<Shape>(projectDirectory: string, name: string): Shape {
  return parse(Deno.readTextFileSync(join(projectDirectory, "k8s", name)));
}
