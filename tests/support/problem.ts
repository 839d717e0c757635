import assert from "node:assert/strict";

export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly trace: string;
}

/** The problem an answer holds, which must have this status and code and be traceable. */
export async function problemIn(answer: Response, status: number, code: string): Promise<Problem> {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  assert.equal(answer.headers.get("content-type"), "application/problem+json; charset=utf-8", text);
  const problem = JSON.parse(text) as Problem & Record<string, unknown>;
  assert.equal(problem.code, code, text);
  assert.equal(problem["status"], status);
  assert.equal(problem["type"], `/api/problems#${code}`);
  assert.equal(problem.trace, answer.headers.get("x-request-id"));
  return problem;
}
