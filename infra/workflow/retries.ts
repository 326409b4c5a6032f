/** A rule of a state: which errors are tried again, and how. Times in seconds. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

const retrier = (ErrorEquals: readonly string[], first: number, tries: number, longest: number): Retrier => ({
  ErrorEquals,
  IntervalSeconds: first,
  MaxAttempts: tries,
  BackoffRate: 2,
  MaxDelaySeconds: longest,
  JitterStrategy: 'FULL',
});

/** The function did not get to run, or its answer was lost: the service's trouble, soon over. */
const callFailed = retrier(
  [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.TooManyRequestsException',
  ],
  2,
  8,
  60,
);

/** The function met trouble of S3, Athena or the network that its own tries did not outlast. */
const serviceBusy = retrier(
  [
    'LakeAccessError',
    'QueryTimeout',
    'ThrottlingException',
    'TooManyRequestsException',
    'InternalServerException',
    'InternalServiceError',
    'TimeoutError',
  ],
  30,
  3,
  300,
);

/** The function died: out of time or memory. Once more, in case it was the machine. */
const functionDied = retrier(['Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError', 'States.Timeout'], 10, 1, 60);

/**
 * What a function is called again for. Every other error would come again: a gate that failed, a lost race for the
 * pointer, a wrong setting, a statement that Athena refuses.
 */
export const functionRetries: readonly Retrier[] = [callFailed, serviceBusy, functionDied];

/** For calls of services that the state machine makes itself. */
export const serviceRetries: readonly Retrier[] = [retrier(['States.TaskFailed'], 2, 5, 60)];
