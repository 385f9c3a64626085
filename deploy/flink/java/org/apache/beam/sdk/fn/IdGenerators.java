package org.apache.beam.sdk.fn;

import java.util.concurrent.atomic.AtomicLong;

/**
 * In place of Beam's class of this name. The runner (2.70) gives the state of each pause of a splittable step a new name,
 * by a number from here, and Flink keeps every name that it has ever seen in all checkpoints: these grew by 1.8 kB a second
 * (https://github.com/apache/beam/issues/27648, mended by pull request 39191). Here pauses have a few names in turn; no
 * step of a stream has more than one pause at a time.
 */
public class IdGenerators {
  private static final long NAMES = 16;

  public static IdGenerator incrementingLongs() {
    StackWalker stack = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    boolean forPauses = stack.getCallerClass().getName().contains("BundleCheckpointHandler");
    AtomicLong next = new AtomicLong(1);
    return () -> Long.toString(forPauses ? next.getAndIncrement() % NAMES : next.getAndIncrement());
  }

  public static IdGenerator decrementingLongs() {
    AtomicLong next = new AtomicLong(-1);
    return () -> Long.toString(next.getAndDecrement());
  }
}
