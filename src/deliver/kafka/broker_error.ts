/**
 * A broker's refusal, as an exception for the paths where a request is more than one answer.
 *
 * @module
 */
import { describeErrorCode } from "./error_codes.ts";

/** An answer with an error code. The message names the code and what can be done about it. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly code: number;

  constructor(code: number) {
    super(describeErrorCode(code));
    this.code = code;
  }
}
