/** A thread while it is loading, in the proportions of a real one. */
import { Skeleton } from "@mantine/core";

const widths = [220, 320, 180, 280, 240];

export function ThreadSkeleton() {
  return (
    <div className="thread" aria-hidden="true">
      <div className="thread-head">
        <Skeleton height={16} width={160} />
      </div>
      <StreamSkeleton />
    </div>
  );
}

export function StreamSkeleton() {
  return (
    <div className="stream-inner" style={{ width: "100%" }}>
      {widths.map((width, index) => (
        <div className="group" data-side={index % 2 ? "out" : "in"} key={width}>
          <Skeleton height={40} width={width} radius={10} />
        </div>
      ))}
    </div>
  );
}
