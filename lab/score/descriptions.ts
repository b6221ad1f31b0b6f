import { suites, type RunResult, type Scenario, type Suite } from '../define.ts';

/** What the page needs to know of a scenario, also of one without a result. */
export interface ScenarioDescription {
  readonly name: string;
  readonly subject: Scenario['subject'];
  readonly kind: Scenario['kind'];
  readonly why: string;
  readonly suites: readonly Suite[];
  readonly variants: readonly string[];
}

export function describeScenario(scenario: Scenario): ScenarioDescription {
  const { name, subject, kind, why } = scenario;
  return { name, subject, kind, why, suites: scenario.suites ?? suites, variants: Object.keys(scenario.variants) };
}

export interface Gaps {
  /** Scenarios without any result. */
  readonly scenarios: readonly string[];
  /** Single variants on single suites without a result, of scenarios that have some: `<scenario>/<variant> on <suite>`. */
  readonly variants: readonly string[];
  /** Scenarios with results that are not among the scenarios. */
  readonly unknown: readonly string[];
}

/** What has no result yet, and what has results but no description. */
export function gapsIn(results: readonly RunResult[], descriptions: readonly ScenarioDescription[]): Gaps {
  const run = new Set(results.map((result) => result.scenario));
  const done = new Set(results.map((result) => `${result.scenario}/${result.variant} on ${result.suite}`));
  const described = new Set(descriptions.map((one) => one.name));
  const expected = descriptions
    .filter((one) => run.has(one.name))
    .flatMap((one) => one.variants.flatMap((variant) => one.suites.map((suite) => `${one.name}/${variant} on ${suite}`)));
  return {
    scenarios: descriptions.map((one) => one.name).filter((name) => !run.has(name)).sort(),
    variants: expected.filter((key) => !done.has(key)).sort(),
    unknown: [...run].filter((name) => !described.has(name)).sort(),
  };
}
